// `@livelet/program/start`: the first line of each program. Plain JavaScript, so that an old Node can read it and say
// what it needs instead of failing on the first line that it doesn't know.

/** The oldest Node that the programs run on, as in `engines`. */
const OLDEST = 24;

/**
 * @param {string} name of the program
 * @param {() => Promise<unknown>} load imports its main module
 */
export function start(name, load) {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= OLDEST) return load();
  console.error(
    `${name} needs Node.js ${OLDEST} or newer, this is ${node}. In the project’s folder, npm run brings its own.`,
  );
  process.exitCode = 1;
}
