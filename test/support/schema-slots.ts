/** What a TOML value can be here. Tables are maps: any name is a name. */
export type Toml = string | boolean | readonly Toml[] | ReadonlyMap<string, Toml>;

/** A place of a build file where a text can stand: a value, or the name of an entry. */
export type Slot = Readonly<{
  /** With `*` for a name that is the user's own, and `0` for an entry of an array. */
  path: string;
  kind: "value" | "name";
  /** A text that is surely accepted, if the schema says so. */
  sample?: string;
  /** The table that has the text there, and what else the schema wants. */
  make: (text: string) => ReadonlyMap<string, Toml>;
}>;

type Schema = Readonly<{
  type?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  propertyNames?: Schema;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: readonly Schema[];
  enum?: readonly string[];
  const?: string;
}>;

/** Every slot of a JSON schema. `samples` are values for names of keys, where the schema demands one. */
export function slotsOf(schema: unknown, samples: Readonly<Record<string, string>>): readonly Slot[] {
  const slots = new Map<string, Slot>();
  for (const { path, kind, sample, make } of walk(schema as Schema, [], samples)) {
    const name = path.join(".");
    const slot = { path: name, kind, make: (text: string) => make(text) as ReadonlyMap<string, Toml> };
    slots.set(`${kind} ${name}`, sample === undefined ? slot : { ...slot, sample });
  }
  return [...slots.values()];
}

type Found = Readonly<{ path: readonly string[]; kind: Slot["kind"]; sample?: string; make: (text: string) => Toml }>;

function* walk(schema: Schema, path: readonly string[], samples: Readonly<Record<string, string>>): Iterable<Found> {
  for (const one of schema.anyOf ?? []) yield* walk(one, path, samples);
  // What may be anything may be a text.
  if (schema.type === "string" || Object.keys(schema).length === 0) {
    const sample = schema.const ?? schema.enum?.[0] ?? samples[path.at(-1) ?? ""] ?? samples[path.at(-2) ?? ""];
    yield { path, kind: "value", ...(sample !== undefined && { sample }), make: (text) => text };
  }
  if (schema.items !== undefined) {
    for (const { make, ...found } of walk(schema.items, [...path, "0"], samples)) {
      yield { ...found, make: (text) => [make(text)] };
    }
  }
  const wanted = (schema.required ?? []).map((key) => [key, samples[key] ?? "x"] as const);
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    for (const { make, ...found } of walk(property, [...path, key], samples)) {
      yield { ...found, make: (text) => new Map<string, Toml>([...wanted, [key, make(text)]]) };
    }
  }
  if (schema.propertyNames !== undefined && typeof schema.additionalProperties === "object") {
    const [first] = [...walk(schema.additionalProperties, [...path, "*"], samples)];
    const sample = first?.sample ?? "x";
    const isTable = schema.additionalProperties.type === "object";
    const known = samples[`${path.at(-1)}.*`];
    yield {
      path: [...path, "*"],
      kind: "name",
      // Names of targets are tried as any other.
      ...(known !== undefined && !isTable && { sample: known }),
      make: (text) => new Map<string, Toml>([[text, isTable ? new Map() : (first?.make(sample) ?? sample)]]),
    };
    const own = known ?? "benign";
    for (const { make, ...found } of walk(schema.additionalProperties, [...path, "*"], samples)) {
      yield { ...found, make: (text) => new Map([[own, make(text)]]) };
    }
  }
}

/** Two tables as one; where both have something else than tables, the second counts. */
export function merged(one: ReadonlyMap<string, Toml>, other: ReadonlyMap<string, Toml>): ReadonlyMap<string, Toml> {
  const result = new Map(one);
  for (const [key, value] of other) {
    const present = result.get(key);
    result.set(key, present instanceof Map && value instanceof Map ? merged(present, value) : value);
  }
  return result;
}

/** The text of a table, one line for each of its keys. */
export function tomlText(table: ReadonlyMap<string, Toml>): string {
  return [...table].map(([key, value]) => `${basicString(key)} = ${inline(value)}\n`).join("");
}

function inline(value: Toml): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return basicString(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const entries = [...(value as ReadonlyMap<string, Toml>)];
  return `{ ${entries.map(([key, item]) => `${basicString(key)} = ${inline(item)}`).join(", ")} }`;
}

function basicString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
