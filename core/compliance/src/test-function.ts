/** The few assertions that the suites use; AVA's `t` fits, and so does a thin wrapper of any other runner's. */
export interface Assertions {
  is<T>(actual: T, expected: T, message?: string): unknown;
  deepEqual<T>(actual: T, expected: T, message?: string): unknown;
  true(actual: boolean, message?: string): unknown;
  false(actual: boolean, message?: string): unknown;
}

/** How a suite hands its cases to the caller's test runner; AVA's `test` fits. */
export type TestFunction = (title: string, body: (t: Assertions) => Promise<void>) => void;
