/** Ends a `switch` over a union: the compiler complains when a case is missing. @throws always */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}
