/** Closes an exhaustive switch: a value that reaches it does not compile, and throws if types were bypassed. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
