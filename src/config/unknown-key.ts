import type * as z from "zod/mini";
import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { suggest, suggestion } from "../diagnostic/suggest.ts";
import type { TomlTable } from "./parse-toml.ts";
import { addSchema, copySchema, indexSchema, pyprojectSchema, targetSchema } from "./schema.ts";

/** What to do about a key that the table at `path` does not have: it may be misspelt, or in the wrong table. */
export function unknownKeyHelp(key: string, path: TomlPath, value: unknown): string {
  const known = keysAt(path);
  const here = suggestion(key, known, "keys");
  const isBelowMicrob = path.length === 2;
  const target = isBelowMicrob ? "default" : String(path[3]);
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  const places = PLACES.filter(({ schema }) => Object.hasOwn(schema.shape, key)).map(({ name }) => name);
  if (places.length > 0 && !(isBelowMicrob && isTable))
    return `it is a key of ${places.join(" or ").replace("TARGET", target)}: write it there. ${here}`;
  if (isBelowMicrob && isTable && suggest(key, known) === undefined) {
    return `write [tool.microb.target.${key}] for a target of that name`;
  }
  return here;
}

/**
 * The paths of keys of a target that stand where no table of microb is: at the top, in `[project]` or in `[tool]`, whose
 * keys a standard names (PEP 518, 621). There they would have no effect.
 */
export function misplacedKeys(table: TomlTable): readonly TomlPath[] {
  return [[], ["project"], ["tool"]].flatMap((path) => {
    const place = path.reduce<unknown>((value, part) => (value as TomlTable | undefined)?.[part], table);
    const keys = typeof place === "object" && place !== null ? Object.keys(place) : [];
    return keys.filter((key) => Object.hasOwn(targetSchema.shape, key)).map((key) => [...path, key]);
  });
}

/** The tables whose keys are microb's, and what they are called. */
const PLACES = [
  { schema: targetSchema, name: "[tool.microb.target.TARGET]" },
  { schema: indexSchema, name: "an entry of indices" },
  { schema: copySchema, name: "an entry of copy_files" },
  { schema: addSchema, name: "an entry of add_files" },
] as const;

/** The keys of the table at a path; none if its keys are the user's. Old names are not worth recommending. */
function keysAt(path: TomlPath): readonly string[] {
  const table = path.reduce<Schema | undefined>((schema, part) => below(schema, part), pyprojectSchema);
  return Object.keys(withoutOptional(table)?._zod.def.shape ?? {}).filter((key) => key !== "environment");
}

/** A schema, of which only what leads to others is read. */
type Schema = z.core.$ZodType & {
  _zod: { def: { shape?: Readonly<Record<string, Schema>>; innerType?: Schema; valueType?: Schema; element?: Schema } };
};

function below(schema: Schema | undefined, part: string | number): Schema | undefined {
  const { shape, valueType, element } = withoutOptional(schema)?._zod.def ?? {};
  return shape?.[part] ?? valueType ?? element;
}

function withoutOptional(schema: Schema | undefined): Schema | undefined {
  return schema?._zod.def.innerType ?? schema;
}
