export { cliErrorText } from './cli-error-text.js';
export { readDeployment } from './deployment-reader.js';
export { defaultConfigFile, stateDirectory } from './directories.js';
export { ExitCode, exitCodeOf } from './exit-code.js';
export * from './files.js';
export { loadOrCreateIdentity } from './identity-file.js';
export * from './logger.js';
export * from './option.js';
export * from './run-program.js';
