#!/usr/bin/env node
const { node } = process.versions;
if (Number.parseInt(node, 10) >= 24) {
  await import('../dist/src/main.js');
} else {
  console.error(
    `livelet-relay needs Node.js 24 or newer, this is ${node}. npx livelet-relay finds the project’s own.`,
  );
  process.exitCode = 1;
}
