import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { pyprojectSchema } from "../src/config/schema.ts";
import { locateDiagnostics } from "../src/diagnostic/render.ts";
import { UserError } from "../src/diagnostic/user-error.ts";
import { lint } from "../src/lint/lint.ts";
import { ruleOf } from "../src/lint/rule.ts";
import { encodeDefinition } from "../src/llb/definition.ts";
import { digestOf } from "../src/llb/digest.ts";
import { llb } from "../src/pb/generated.js";
import type { ImagePlan } from "../src/plan/image-plan.ts";
import type { Step } from "../src/plan/step.ts";
import { readDockerfile } from "./support/dockerfile-reader.ts";
import { dockerfileOf, llbOf } from "./support/emitting.ts";
import { HOSTILE } from "./support/hostile.ts";
import { planOf, type Surroundings } from "./support/planning.ts";
import { merged, type Slot, slotsOf, type Toml, tomlText } from "./support/schema-slots.ts";
import { shellShape, shellTokens } from "./support/shell-lexer.ts";

// Every text of a build file, and every name of its own tables, as the schema has them: a key that is new is covered
// without a change here, unless no sample of ours is accepted for it.

const SAMPLES: Readonly<Record<string, string>> = {
  build_deps: "gcc",
  checksum: `sha256:${"0".repeat(64)}`,
  chmod: "0755",
  chown: "65532:65532",
  dependencies: "1.0",
  dst: "/b",
  requires: "setuptools",
  "requires-python": ">=3.11",
  python_version: "3.13",
  src: "a",
  system_deps: "libpq5",
  "target.*": "default",
  url: "https://h/simple/",
  index_mirrors: "https://h/",
  "index_mirrors.*": "https://files.example.org/",
};

const VALUES: readonly string[] = [
  ...HOSTILE,
  "\0",
  "a\0b",
  "x===\0",
  "x===a\0b",
  "===\0",
  "x @ https://h/\0",
  ">=3.*",
  "~=3.*",
  "x'\nUSER root\n#",
  "\\\nUSER root",
  "a\r\nUSER root",
  "x <<EOF y",
  "<<-EOF",
  "1<<EOF",
  "]",
  "[]",
  '["a"]',
  "--mount=type=ssh",
  "--from=x",
  "..",
  "../..",
  "a/../../b",
  "/etc/passwd",
  "x,y",
  "a=b",
  "1A",
  "$",
  "$$",
  "${",
  "${x",
  "${x:-`id`}",
  "$(touch /tmp/pwned)",
  "`touch /tmp/pwned`",
  "';touch /tmp/pwned;'",
  '";touch /tmp/pwned;"',
  "x; touch /tmp/pwned",
  "toString",
  "hasOwnProperty",
  "\ud7ff\uffff",
  "\u0085\u2029\ufeff",
  "'".repeat(380_000),
  "\n".repeat(180_000),
  "${a:-".repeat(75_000),
  ...["x", "$", "\\", "a,", "a/", "../", "://a:", " ", "<"].map((text) => text.repeat(60_000 / text.length)),
];

const SLOTS = slotsOf(z.toJSONSchema(pyprojectSchema), SAMPLES);

const PEP621 = new Map<string, Toml>([
  ["project", new Map<string, Toml>([...Object.entries({ name: "x", version: "1" }), ["dependencies", ["flask"]]])],
  ["build-system", new Map<string, Toml>([["requires", ["setuptools"]]])],
]);
const POETRY = new Map<string, Toml>([
  [
    "tool",
    new Map<string, Toml>([
      ["poetry", new Map<string, Toml>([...Object.entries({ name: "x", version: "1" }), ["dependencies", new Map()]])],
    ]),
  ],
]);
const FLIT = new Map<string, Toml>([
  ["tool", new Map([["flit", new Map([["metadata", new Map([["module", "x"]])]])]])],
  ["build-system", new Map<string, Toml>([["requires", ["flit_core"]]])],
]);
/** A target that uses what it can, so that names of targets and the like reach all that they can reach. */
const INDICES = [
  new Map(Object.entries({ url: "https://h/a/", username: "u", password: "p" })),
  new Map(Object.entries({ url: "https://h/b/", username_secret: "u", password_secret: "p" })),
];

function table(path: string, entries: readonly (readonly [string, Toml])[]): ReadonlyMap<string, Toml> {
  const inner: ReadonlyMap<string, Toml> = new Map(entries);
  return path.split(".").reduceRight<ReadonlyMap<string, Toml>>((value, key) => new Map([[key, value]]), inner);
}

/** What a slot needs around it to count, besides what the schema says. */
function around({ path, kind }: Slot, text: string): ReadonlyMap<string, Toml> {
  const target = "tool.microb.target.default";
  if (kind === "name" && path === "tool.microb.target.*") {
    return new Map([
      ["tool", new Map([["microb", new Map([["target", new Map([[text, new Map([["indices", INDICES]])]])]])]])],
    ]);
  }
  if (path === "project.optional-dependencies.*") return table(target, [["extras", [text]]]);
  if (path.startsWith("project.optional-dependencies")) return table(target, [["extras", ["benign"]]]);
  if (path.startsWith(`tool.microb.target.*.extras`)) {
    return table("project.optional-dependencies", [[text, ["zstd"]]]);
  }
  if (path.endsWith("indices.0.password")) {
    const fields = Object.entries({ url: "https://h/", username: "u", password: text });
    return table(target, [["indices", [new Map(fields)]]]);
  }
  if (path.endsWith("indices.0.password_secret")) {
    const fields = Object.entries({ url: "https://h/", username_secret: "u", password_secret: text });
    return table(target, [["indices", [new Map(fields)]]]);
  }
  const download = /^tool\.microb\.target\.\*\.(.*)\.0\.checksum$/.exec(path)?.[1];
  if (download !== undefined) {
    const fields = Object.entries({ src: "https://h/f", dst: "/b", checksum: text });
    return table(target, [[download, [new Map(fields)]]]);
  }
  if (path.includes("dynamic.optional-dependencies")) {
    return new Map([
      ...table("project", [["dynamic", ["optional-dependencies"]]]),
      ...table(target, [["extras", [kind === "name" ? text : "benign"]]]),
    ]);
  }
  if (path.includes("setuptools.dynamic")) return table("project", [["dynamic", ["dependencies"]]]);
  return new Map();
}

const LOCK = `version = 1

[[package]]
name = "flask"
version = "3.1.3"
source = { registry = "https://pypi.org/simple" }
`;

type Case = Readonly<{ toml: string; surroundings: Surroundings }>;

function caseOf(slot: Slot, text: string): Case {
  const base = slot.path.startsWith("tool.poetry") ? POETRY : slot.path.startsWith("tool.flit") ? FLIT : PEP621;
  let document = merged(merged(base, slot.make(text)), around(slot, text));
  if (slot.path.includes("setuptools.dynamic")) {
    const project = new Map(document.get("project") as ReadonlyMap<string, Toml>);
    project.delete("dependencies");
    document = new Map([...document, ["project", project]]);
  }
  const target = slot.kind === "name" && slot.path === "tool.microb.target.*" ? { target: text } : {};
  const key = /^tool\.microb\.target\.\*\.(\w+)/.exec(slot.path)?.[1] ?? "";
  const files = {
    [text]: key === "lock" ? LOCK : "flask\n",
    ...(["groups", "only_groups", "member"].includes(key) && { "uv.lock": LOCK }),
  };
  return { toml: tomlText(document), surroundings: { files, ...target } };
}

/** The plan, or undefined when it is refused: then every problem says where it is, on a line that exists. */
async function attempt({ toml, surroundings }: Case): Promise<ImagePlan | undefined> {
  try {
    const planned = await planOf(toml, surroundings);
    for (const finding of lint(planned)) ruleOf(finding);
    return withoutLock(planned.plan);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const lines = toml.split("\n").length;
    for (const { diagnostic, span } of await locateDiagnostics(error.diagnostics)) {
      expect(diagnostic.message).not.toBe("");
      const shown = `${diagnostic.code} ${diagnostic.message.slice(0, 200)}`;
      if (diagnostic.code !== "target.unknown")
        expect(span?.line ?? "no line", shown).toSatisfy((line) => line <= lines);
    }
    return undefined;
  }
}

/** What a lock adds has tests of its own: here it is the rest that counts, and the stage of the project is part of that. */
function withoutLock({ locked, ...plan }: ImagePlan): ImagePlan {
  const last = plan.stages.at(-1);
  if (locked?.project === undefined || last === undefined) return plan;
  const wheel: Step = {
    kind: "copy",
    title: "the wheel",
    from: { kind: "stage", name: locked.project },
    sources: ["/dist"],
    to: "/dist",
  };
  return { ...plan, stages: [...plan.stages.slice(0, -1), { ...last, steps: [...last.steps, wheel] }] };
}

const BASE_ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" };

type Exec = Readonly<{ script: string; env: Readonly<Record<string, string>>; mounts: number }>;

/** Where a step has files of ours, which a Dockerfile writes out or leaves out. */
const OWN_FILES = "/run/microb/step";

/** The definitions of functions in the last of those files, as commands before the others. */
function functionsIn(op: llb.Op | undefined): string {
  const file = op?.file?.actions[0]?.mkfile;
  if (file?.path !== "/functions.sh") return "";
  return Buffer.from(file.data ?? [])
    .toString()
    .replace(/\n(?! {8})/g, () => " && ");
}

/** What the graph runs and copies. */
function meaningOf(plan: ImagePlan) {
  const { definition, config } = llbOf(plan);
  encodeDefinition(definition);
  const runs: Exec[] = [];
  const copies: { src: string; dest: string }[] = [];
  const ops = new Map(definition.def.map((bytes) => [digestOf(bytes), llb.Op.decode(bytes)]));
  for (const op of ops.values()) {
    if (op.exec) {
      const { meta, mounts: all } = op.exec;
      const mounts = all.filter(({ dest }) => dest !== OWN_FILES);
      const own = all.find(({ dest }) => dest === OWN_FILES);
      const functions = own === undefined ? "" : functionsIn(ops.get(op.inputs[Number(own.input)]?.digest ?? ""));
      const shell = meta?.args.length === 3 ? ["/bin/sh", "-c"] : ["python", "-I", `${OWN_FILES}/explain.py`];
      expect(meta?.args.slice(0, -1)).toEqual(shell);
      const script = (meta?.args.at(-1) ?? "").replace(`. ${OWN_FILES}/functions.sh && `, () => functions);
      const env = Object.fromEntries((meta?.env ?? []).map((entry) => /^([^=]*)=(.*)$/s.exec(entry)?.slice(1) ?? []));
      runs.push({ script, env, mounts: mounts.length - 1 });
    }
    for (const action of op.file?.actions ?? []) {
      if (action.copy) copies.push({ src: action.copy.src, dest: action.copy.dest });
    }
  }
  return { runs, copies, config: config.config ?? {} };
}

/** What both readings agree on: how they break lines between words is their own. */
function comparable(runs: readonly Exec[]): readonly unknown[] {
  return runs
    .map(({ script, ...rest }) => ({ words: JSON.stringify(shellTokens(script.replaceAll("\\\n", ""))), ...rest }))
    .sort((one, other) => (one.words < other.words ? -1 : 1));
}

/** The Dockerfile says the same as the graph, or nothing. Returns whether it says it. */
function compareReadings(plan: ImagePlan): boolean {
  const { runs, copies, config } = meaningOf(plan);
  let text: string;
  try {
    text = dockerfileOf(plan);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(new Set(error.diagnostics.map(({ code }) => code))).toEqual(new Set(["dockerfile.unsayable"]));
    return false;
  }
  const read = readDockerfile(text, BASE_ENV);
  expect(comparable(read.runs)).toEqual(comparable(runs));
  const targets = read.copies.map((words) => words.at(-1) ?? "").sort();
  expect(targets).toEqual(copies.map(({ dest }) => dest).sort());
  const env = Object.fromEntries((config.Env ?? []).map((one) => /^([^=]*)=(.*)$/s.exec(one)?.slice(1) ?? []));
  expect(read.env).toEqual(env);
  expect(read.labels).toEqual({ ...config.Labels });
  expect(read.entrypoint ?? []).toEqual(config.Entrypoint ?? []);
  if (read.command !== undefined) expect(read.command).toEqual(config.Cmd ?? []);
  return true;
}

/** The operators and the code of each script: what a value would change if it were read as anything but text. */
function shapes(plan: ImagePlan): ReadonlySet<string> {
  return new Set(meaningOf(plan).runs.map(({ script }) => shellShape(script).join(" ")));
}

/** Where a value must be found again as it is. */
const CARRIED: Readonly<Record<string, (meaning: ReturnType<typeof meaningOf>, text: string) => unknown>> = {
  "value tool.microb.target.*.entrypoint.0": ({ config }, text) => config.Entrypoint?.[0] === text,
  "value tool.microb.target.*.command.0": ({ config }, text) => config.Cmd?.[0] === text,
  "value tool.microb.target.*.env.*": ({ config }, text) => config.Env?.includes(`benign=${text}`),
  "value tool.microb.target.*.environment.*": ({ config }, text) => config.Env?.includes(`benign=${text}`),
  "value tool.microb.target.*.labels.*": ({ config }, text) => config.Labels?.["benign"] === text,
  "name tool.microb.target.*.env.*": ({ config }, text) => config.Env?.some((one) => one.startsWith(`${text}=`)),
  "name tool.microb.target.*.labels.*": ({ config }, text) => Object.hasOwn(config.Labels ?? {}, text),
  "value tool.microb.target.*.copy_files.0.dst": ({ copies }, text) => copies.some(({ dest }) => dest === text),
  "value tool.microb.target.*.copy_files.0.src": ({ copies }, text) =>
    copies.some(({ src }) => src.replace(/^\/|\/$/g, "") === text.replace(/^\/|\/$/g, "")),
};

/** What may be anything, because it is not looked at. */
const UNREAD = new Set(["value tool.poetry.scripts.*", "value tool.poetry.packages.0", "value tool.flit.scripts.*"]);

describe.each(SLOTS.map((slot) => [`${slot.kind} ${slot.path}`, slot] as const))("%s", (name, slot) => {
  const benign = slot.sample ?? "benign";

  test("a sample is accepted, and read the same twice", async () => {
    const plan = await attempt(caseOf(slot, benign));
    expect(plan, `${benign} is refused: add a sample for ${slot.path}`).toBeDefined();
    if (plan !== undefined) expect(compareReadings(plan)).toBe(true);
  });

  test("whatever it is, it is text or is refused", async () => {
    const plain = await attempt(caseOf(slot, benign));
    const known = plain === undefined ? new Set() : shapes(plain);
    for (const text of VALUES) {
      const label = JSON.stringify(text.slice(0, 40));
      const started = performance.now();
      const plan = await attempt(caseOf(slot, text));
      if (plan !== undefined) meaningOf(plan);
      expect(performance.now() - started, label).toBeLessThan(5000);
      if (plan !== undefined) {
        compareReadings(plan);
        for (const { script, env } of meaningOf(plan).runs) {
          for (const one of [script, ...Object.values(env)]) expect(one.length).toBeLessThan(128 * 1024);
        }
        for (const shape of shapes(plan)) expect(known, `${label}: ${shape.slice(0, 300)}`).toContain(shape);
        // References are replaced, on purpose, and paths are cleaned.
        if (!/[$\\]|\.\.|\/\//.test(text)) expect(CARRIED[name]?.(meaningOf(plan), text) ?? true, label).toBe(true);
      }
      if (/\0/.test(text) && !UNREAD.has(name)) expect(plan, label).toBeUndefined();
    }
  }, 60_000);
});

test("values that a Dockerfile can say are said", async () => {
  const slot = SLOTS.find(({ path, kind }) => kind === "value" && path === "tool.microb.target.*.env.*") as Slot;
  const plans = await Promise.all(HOSTILE.map((text) => attempt(caseOf(slot, text))));
  const said = plans.map((plan) => plan !== undefined && compareReadings(plan));
  expect(HOSTILE.filter((_, index) => !said[index])).toEqual(["a\nb", "ends with a newline\n", "\r\n"]);
});

test("the slots are those that there are", () => {
  expect(SLOTS.length).toBeGreaterThan(60);
  for (const name of Object.keys(CARRIED)) expect(SLOTS.map(({ kind, path }) => `${kind} ${path}`)).toContain(name);
});

/** Names that a file or a directory can have. */
const NAMES = VALUES.filter((text) => text !== "" && !/[\0/]|^\.\.?$/.test(text) && Buffer.byteLength(text) <= 255);

test.each([
  "",
  '\nindices = [{ url = "https://h/simple", username = "u", password = "p" }]',
])("a build file and its directory may be called anything%s", async (key) => {
  const toml = `[project]\nname = "x"\nversion = "1"\n[build-system]\nrequires = []\n[tool.microb.target.default]${key}\n`;
  for (const name of NAMES) {
    for (const location of [
      { directory: "", buildFile: name },
      { directory: name, buildFile: "pyproject.toml" },
    ]) {
      const plan = await attempt({ toml, surroundings: { location } });
      if (plan !== undefined) compareReadings(plan);
    }
  }
});
