type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that have a value: an optional property is absent, never present as undefined. */
export function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
