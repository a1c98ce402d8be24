/** A file has a table with a name that every JavaScript object inherits. */
export class InheritedNameError extends Error {
  override readonly name = "InheritedNameError";
}

/**
 * Runs `@iarna/toml`, which mistakes inherited properties for tables of the file: `[constructor]` writes into the global
 * `Object`. Anything written there is removed again.
 * @throws InheritedNameError if something was written; its message is the name.
 */
export function withoutInherited<T>(parse: () => T): T {
  const before = inheritedFunctions();
  try {
    return parse();
  } finally {
    const [first] = before.filter(takeBack);
    // It would be the cause of whatever else was found.
    // biome-ignore lint/correctness/noUnsafeFinally: see above
    if (first !== undefined) throw new InheritedNameError(first.name);
  }
}

type Inherited = Readonly<{ name: string; target: object; own: ReadonlySet<string | symbol> }>;

function inheritedFunctions(): readonly Inherited[] {
  return Object.entries(Object.getOwnPropertyDescriptors(Object.prototype)).flatMap(([name, { value }]) =>
    typeof value === "function" ? [{ name, target: value, own: new Set(Reflect.ownKeys(value)) }] : [],
  );
}

/** Whether there was anything to take back. */
function takeBack({ target, own }: Inherited): boolean {
  const added = Reflect.ownKeys(target).filter((key) => !own.has(key));
  for (const key of added) Reflect.deleteProperty(target, key);
  return added.length > 0;
}
