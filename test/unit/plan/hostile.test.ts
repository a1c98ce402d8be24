import toml from "@iarna/toml";
import { expect, test } from "vitest";
import { locateDiagnostics } from "../../../src/diagnostic/render.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { llb } from "../../../src/pb/generated.js";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { HOSTILE } from "../../support/hostile.ts";
import { planOf } from "../../support/planning.ts";
import { PROJECTS } from "../../support/projects.ts";

const TEXT = PROJECTS["full"] ?? "";
const VALUES = [...HOSTILE, "\0", "x'\nUSER root\n#", "\\\nUSER root", "a\r\nUSER root", "[]", "../..", "/etc/passwd"];

type Way = readonly (string | number)[];

/** The ways to all texts of a table, and to all of its keys. */
function* ways(value: toml.AnyJson, way: Way = []): Iterable<Way> {
  if (typeof value === "string") yield way;
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* ways(item, [...way, index]);
  else if (typeof value === "object") {
    for (const [key, item] of Object.entries(value)) yield* ways(item as toml.AnyJson, [...way, key]);
  }
}

/** The table with another text at the end of the way. */
function replaced(value: toml.AnyJson, [part, ...rest]: Way, text: string): toml.AnyJson {
  if (part === undefined) return text;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as toml.JsonMap) }) as Record<
    string | number,
    toml.AnyJson
  >;
  copy[part] = replaced(copy[part] ?? "", rest, text);
  return copy as toml.JsonMap;
}

/** What a line of a Dockerfile of ours begins with, if no value broke out of its own. */
const LINE =
  /^(?:$|# |FROM python:|ENV [A-Za-z_]\w*=|RUN |COPY |WORKDIR \/home\/nonroot$|USER 65532:65532$|ENTRYPOINT \[|CMD \[|LABEL [^\s=]+=| {4})/;

async function attempt(text: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const { plan } = await planOf(text, { files, buildArgs: { TAG: "v1" }, target: "default" });
    for (const bytes of llbOf(plan).definition.def) {
      const args = llb.Op.decode(bytes).exec?.meta?.args;
      if (args) expect(args.slice(0, 2)).toEqual(["/bin/sh", "-c"]);
    }
    for (const line of dockerfileOf(plan).split("\n")) expect(line).toMatch(LINE);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await locateDiagnostics(error.diagnostics);
    return false;
  }
}

const table = toml.parse(TEXT);

test.each(
  [...ways(table)].map((way): [string, Way] => [way.join("."), way]),
)("whatever %s is, it stays a value or is refused", async (_, way) => {
  for (const value of VALUES) {
    const text = toml.stringify(replaced(table, way, value) as toml.JsonMap);
    await attempt(text, {});
  }
});

test("names of files stay names", async () => {
  const base = PROJECTS["minimal"] ?? "";
  for (const name of VALUES) {
    const files = Object.fromEntries([[name, "-e .\nflask\n"]]);
    await attempt(`${base}[tool.microb.target.default]\n${toml.stringify({ requirements: name })}`, files);
  }
});

test("values that can be said are said", async () => {
  const target = (key: string, value: string): string =>
    toml.stringify(replaced(table, ["tool", "microb", "target", "default", "env", key], value) as toml.JsonMap);
  const said = await Promise.all(HOSTILE.map((value) => attempt(target("ZED", value), {})));
  expect(said.filter(Boolean).length).toBeGreaterThan(HOSTILE.length - 6);
});
