/** The options of a family such as `label:NAME`, by the rest of their names. */
export function withPrefix(opts: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string> {
  const entries = [...opts].filter(([key]) => key.startsWith(prefix));
  return new Map(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}
