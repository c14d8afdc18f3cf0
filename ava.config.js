// Compiled tests of every package. Two at a time: real browsers and displays want a core each.
export default {
  files: ['{core,core/compliance,core/program,relay,test}/dist/**/*.test.js', '{plugins,hosts}/*/dist/test/**/*.test.js', '!**/node_modules/**'],
  concurrency: 2,
  timeout: '2m',
  failFast: false,
};
