export { type OperatorOptions, type RunningOperator, runOperator } from './operator.js';
export type * from './page-protocol.js';
