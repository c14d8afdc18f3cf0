/** Someone who may ask for codes. Crosses between processes as JSON. */
export interface Operator {
  readonly token: string;
}

/** What an operator's `allocate` carries. */
export function authorize({ token }: Operator): string {
  return token;
}
