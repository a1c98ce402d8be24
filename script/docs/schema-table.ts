import * as z from "zod/mini";

/** A key as the JSON schema of the configuration tells. */
export type Key = Readonly<{ name: string; description: string; type: string; required: boolean; standard?: string }>;

type JsonSchema = Readonly<{
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: readonly unknown[];
  items?: JsonSchema;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: JsonSchema | boolean;
}>;

/** The keys of a table, in the order of its definition. */
export function keysOf(table: z.ZodMiniType): readonly Key[] {
  const { properties = {}, required = [] } = z.toJSONSchema(table) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    description: schema.description ?? "",
    type: typeOf(schema),
    required: required.includes(name),
    ...(schema.default !== undefined && { standard: `\`${JSON.stringify(schema.default)}\`` }),
  }));
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  switch (schema.type) {
    case "array":
      return schema.items?.enum === undefined ? `array of ${plural(schema.items)}` : `array of ${typeOf(schema.items)}`;
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `table of ${plural(schema.additionalProperties)}`
        : "table";
    default:
      return schema.type ?? "any";
  }
}

function plural(schema: JsonSchema | undefined): string {
  return schema?.type === "object" ? "tables" : `${typeOf(schema ?? {})}s`;
}
