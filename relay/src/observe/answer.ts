/** What one HTTP request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What an answer needs to know of its request. */
export interface Question {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Address of who asks; undefined when a proxy that isn't trusted stands between. */
  readonly source: string | undefined;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
