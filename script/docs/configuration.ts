import type * as z from "zod/mini";
import { addSchema, copySchema, indexSchema, targetSchema } from "../../src/config/schema.ts";
import { type Effect, effectOf } from "./effect.ts";
import { ADD_KEYS, COPY_KEYS, INDEX_KEYS } from "./entry-keys.ts";
import { type KeyDoc, TARGET_KEYS } from "./keys.ts";
import type { Sample } from "./sample.ts";
import { type Key, keysOf } from "./schema-table.ts";

/** The project that every effect is shown on. */
const PROJECT = `[project]
name = "app"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["flask"]

[project.optional-dependencies]
web = ["uvicorn"]

[project.scripts]
serve = "app:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`;

const HEADER = "[tool.microb.target.default]\n";

const INTRODUCTION = `<!-- Made by npm run generate from src/config/schema.ts and script/docs/. Do not edit. -->

# Configuration

All keys are in a table \`[tool.microb.target.NAME]\` of \`pyproject.toml\`. Each such table describes one image. All keys are
optional, and a project without any such table builds too.

The target is the one that \`--target\` names, else the build argument \`microb_target\`, else the one called \`default\`,
else the only one.

Every key is shown on this project, with the lines that it changes in the Dockerfile (\`microb -dockerfile\`) and in the
configuration of the image. These lines are generated: microb plans the project without and with the key.

\`\`\`toml
${PROJECT}\`\`\`
`;

/** The text of `docs/configuration.md`. */
export async function configuration(): Promise<string> {
  const sections = [
    await table("", targetSchema, TARGET_KEYS),
    "## Entries of `indices`\n",
    await table("indices ", indexSchema, INDEX_KEYS),
    "## Entries of `copy_files` and `copy_files_before_build`\n",
    await table("copy_files ", copySchema, COPY_KEYS),
    "## Entries of `add_files` and `add_files_before_build`\n",
    await table("add_files ", addSchema, ADD_KEYS),
  ];
  return [INTRODUCTION, "## Keys of a target\n", ...sections].join("\n");
}

async function table(of: string, schema: z.ZodMiniType, docs: Readonly<Record<string, KeyDoc>>): Promise<string> {
  const keys = keysOf(schema);
  const rows = keys.map((key) => {
    const link = `[\`${key.name}\`](#${`${of}${key.name}`.replace(" ", "-")})`;
    return `| ${link} | ${key.type} | ${standardOf(key, docs)} | ${key.description} |`;
  });
  const sections = await Promise.all(keys.map((key) => section(of, key, docs)));
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...rows, "", ...sections].join("\n");
}

function docOf(key: Key, docs: Readonly<Record<string, KeyDoc>>): KeyDoc {
  const doc = docs[key.name];
  if (doc === undefined) throw new Error(`the key ${key.name} is not documented`);
  return doc;
}

function standardOf(key: Key, docs: Readonly<Record<string, KeyDoc>>): string {
  const text = key.required ? "required" : (key.standard ?? docOf(key, docs).standard);
  if (text === undefined)
    throw new Error(`neither the schema nor the documentation says what ${key.name} is by default`);
  return text;
}

async function section(of: string, key: Key, docs: Readonly<Record<string, KeyDoc>>): Promise<string> {
  const doc = docOf(key, docs);
  const effect =
    doc.page === undefined ? await effectOf(sample(doc, doc.without ?? ""), sample(doc, doc.example)) : undefined;
  return [
    `### ${of}${key.name}\n`,
    `Type: ${key.type}${key.required ? ", required" : `. Default: ${standardOf(key, docs)}`}.\n`,
    `${key.description} ${doc.text}\n`,
    fenced("toml", HEADER + doc.example),
    ...(effect === undefined ? [] : effectLines(doc, effect)),
    `In the image: ${doc.image}\n`,
  ].join("\n");
}

function effectLines({ without }: KeyDoc, { lines, warnings }: Effect): readonly string[] {
  return [
    ...(without === undefined ? [] : [`Compared with \`${without}\`:\n`]),
    lines.length > 0 ? changes(lines) : "Neither the Dockerfile nor the image changes.\n",
    ...(warnings === "" ? [] : ["The build warns:\n", fenced("", warnings)]),
  ];
}

/** More lines than that hide what the text around them says. */
const MOST_SHOWN = 15;

function changes(lines: readonly string[]): string {
  const block = fenced("diff", lines.join("\n"));
  if (lines.length <= MOST_SHOWN) return block;
  return `<details>\n<summary>What changes in the Dockerfile and the image: ${lines.length} lines</summary>\n\n${block}\n</details>\n`;
}

function sample({ files = {} }: KeyDoc, lines: string): Sample {
  return { text: `${PROJECT}\n${HEADER}${lines}\n`, files };
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\`\n`;
}
