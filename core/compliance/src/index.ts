export * from './capture-compliance.js';
export * from './capture-viewer-compliance.js';
export * from './chat-compliance.js';
export * from './input-compliance.js';
export * from './port-pair.js';
export * from './solid-png.js';
export * from './test-function.js';
export * from './xvfb.js';
