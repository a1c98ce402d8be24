/** The blocks of the packages of a uv.lock, by their names, without the line that begins each. */
function packages(lock: string): ReadonlyMap<string, string> {
  const blocks = lock.split("[[package]]\n").slice(1);
  return new Map(blocks.map((block) => [/^name = "(.*)"$/m.exec(block)?.[1] ?? "", block]));
}

/** The lock with the packages of another text in place of those with their names. */
export function withPackages(lock: string, others: string): string {
  let text = lock;
  for (const [name, block] of packages(others)) {
    const old = packages(lock).get(name);
    if (old === undefined) throw new Error(`the lock has no ${name}`);
    text = text.replace(old, () => `${block.trimEnd()}\n\n`);
  }
  return text;
}

/** The lines of a requirements.txt for all packages from the index but those that are left out. */
export function requirements(lock: string, without: readonly string[]): string {
  const lines = [...packages(lock)].flatMap(([name, block]) => {
    const version = /^version = "(.*)"$/m.exec(block)?.[1];
    const fromIndex = block.includes("source = { registry = ");
    return fromIndex && version !== undefined && !without.includes(name) ? [`${name}==${version}\n`] : [];
  });
  return lines.join("");
}
