import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import toml from "@iarna/toml";
import { parsePipRequirementsLine } from "pip-requirements-js";
import { expect, test } from "vitest";
import { completeLocal } from "../src/command/complete-local.ts";
import { parseProject } from "../src/config/py-project.ts";
import { parseRequirement } from "../src/config/requirement.ts";
import type { Diagnostic } from "../src/diagnostic/diagnostic.ts";
import { locateDiagnostics } from "../src/diagnostic/render.ts";
import { sourceText } from "../src/diagnostic/source-text.ts";
import { UserError } from "../src/diagnostic/user-error.ts";
import type { ContextReader } from "../src/facts/context-reader.ts";
import { localReader } from "../src/facts/local-reader.ts";
import { ENVIRONMENT_MARK, SECRET_FILES } from "../src/facts/not-copied.ts";
import { lint } from "../src/lint/lint.ts";
import { RULES, ruleOf } from "../src/lint/rule.ts";
import { type ProjectPlan, planProject } from "../src/plan/plan-project.ts";
import { dockerfileOf, llbOf } from "./support/emitting.ts";
import { packagingMissing, python } from "./support/python.ts";

const CORPUS = process.env["MICROB_CORPUS"] ?? join(import.meta.dirname, "../../shared/corpus");
const present = existsSync(CORPUS);
if (!present) console.warn(`SKIPPED real projects: there is no directory ${CORPUS}; MICROB_CORPUS names another`);

/** The codes of projects that rightly have no plan, reviewed one by one. */
const REVIEWED: ReadonlySet<string> = new Set([
  // They name a requirements.lock, and the corpus holds build files without their locks: nothing could be installed.
  "context.file",
  // Poetry is told that it is no package, and that its dependencies are dynamic: nothing that is installed tells them.
  "project.dynamic",
  // The .python-version of a repository does not fit one of its projects; uv refuses that too.
  "python.unsatisfiable",
  // It has locks of two tools, and no table of either.
  "lock.ambiguous",
  // A dependency is in another directory of the repository, and no lock says which files that are.
  "source.unsupported",
]);

/** Warnings of every build that are right for many projects. */
const COMMON: ReadonlySet<string> = new Set([
  // Their lock is one that is not read.
  "UnreadLock",
  // They are libraries, which start nothing. Of an application it must be said.
  "NoEntrypoint",
]);

/** The same of locks that nothing can be installed from. */
const REVIEWED_LOCKS: ReadonlySet<string> = new Set([
  // PDM's locks without URLs.
  "lock.unsupported",
]);

/** Every build file of the corpus that says something about a project. */
function buildFiles(): readonly string[] {
  return readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((path) => /(?:^|\/)pyproject\.toml$/.test(path))
    .map((path) => join(CORPUS, path))
    .filter((path) => /^\s*\[\s*(?:project|tool\.poetry)\s*\]/m.test(readFileSync(path, "utf8")))
    .sort();
}

/** The rules that have something to say, once for each finding. */
const found: string[] = [];

/** Why nothing is installed from the locks of projects, each with all that is wrong; and how many locks there are. */
const refused: (readonly Diagnostic[])[] = [];
let locks = 0;

/** The plan with what its lock installs; undefined if that cannot be. */
function completed(planned: ProjectPlan): ProjectPlan | undefined {
  if (planned.plan.locked !== undefined) locks++;
  try {
    return completeLocal(planned);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    refused.push(error.diagnostics);
    return undefined;
  }
}

/** The corpus has no more of a repository than planning reads: what else the metadata names is there, and no secrets. */
function readerOf(repository: string): ContextReader {
  const isSecret = (path: string): boolean =>
    SECRET_FILES.includes(basename(path)) || basename(path) === ENVIRONMENT_MARK;
  const reader = localReader(join(CORPUS, repository));
  return {
    ...reader,
    // Only what the metadata names is looked for without what the ignore file leaves out.
    find: async (paths, unseen) =>
      unseen === undefined
        ? reader.find(paths)
        : new Map(paths.flatMap((path) => (isSecret(path) ? [] : [[path, "file"] as const]))),
  };
}

/** Plans a project and makes both readings of it, or says what is wrong with it. */
async function attempt(filename: string): Promise<readonly Diagnostic[]> {
  try {
    const source = sourceText(filename, readFileSync(filename, "utf8"));
    // The context is the whole repository, of which a project may use other directories.
    const [repository = "", ...inside] = relative(CORPUS, filename).split(sep);
    const [target = ""] = [...parseProject(source).targets.keys()].sort();
    const planned = completed(
      await planProject(readerOf(repository), {
        source,
        location: { directory: inside.slice(0, -1).join("/"), buildFile: basename(filename) },
        target,
        platforms: [{ os: "linux", architecture: "amd64" }],
        variables: new Map(),
      }),
    );
    if (planned === undefined) return [];
    dockerfileOf(planned.plan);
    const { warnings } = llbOf(planned.plan);
    for (const finding of [...lint(planned), ...warnings]) found.push(ruleOf(finding).name);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics;
    throw new Error(`${filename} is not planned, and is not told what is wrong with it`, { cause: error });
  }
}

test.skipIf(!present)("real projects are planned, or told where they are wrong", async () => {
  const files = buildFiles();
  const problems = await Promise.all(files.map(attempt));
  const planned = problems.filter(({ length }) => length === 0).length;
  const byCode = new Map<string, number>();
  for (const code of problems.flatMap((list) => [...new Set(list.map((one) => one.code))])) {
    byCode.set(code, (byCode.get(code) ?? 0) + 1);
  }
  const rest = [...byCode].sort().map(([code, count]) => `${count} ${code}`);
  console.info(`${planned} of ${files.length} real projects are planned; the rest: ${rest.join(", ") || "none"}`);

  const rules = [...new Set(found)].sort().map((name) => `${found.filter((one) => one === name).length} ${name}`);
  console.info(`what checking them finds: ${rules.join(", ")}`);
  // Advice for most, and warnings of every build for few.
  const warnings = found.filter((name) => Object.values(RULES).some((rule) => rule.name === name && rule.inBuild));
  expect(warnings.filter((name) => !COMMON.has(name)).length).toBeLessThan(planned / 4);

  const kinds = refused.map(([first]) => first?.code ?? "").sort();
  console.info(`of ${locks} locks ${locks - refused.length} are installed from; the rest: ${kinds.join(", ")}`);
  expect(kinds.filter((code) => !REVIEWED_LOCKS.has(code))).toEqual([]);
  expect(locks).toBeGreaterThan(0);
  expect(refused.length / locks).toBeLessThan(0.1);

  const located = await locateDiagnostics([...problems, ...refused].flat());
  expect(located.filter(({ span }) => span === undefined)).toEqual([]);
  expect([...byCode.keys()].filter((code) => !REVIEWED.has(code))).toEqual([]);
  expect(files.length).toBeGreaterThan(0);
  // A directory that no lock names is rightly refused: pip would ask the public index for it.
  const elsewhere = byCode.get("source.unsupported") ?? 0;
  expect((planned + elsewhere) / files.length).toBeGreaterThanOrEqual(0.95);
  expect(elsewhere).toBeLessThan(3);
});

/** Every requirement that the projects of the corpus write. */
function requirements(): readonly string[] {
  const texts = buildFiles().flatMap((filename) => {
    const { project, "build-system": build } = toml.parse(readFileSync(filename, "utf8")) as Readonly<{
      project?: Readonly<{ dependencies?: string[]; "optional-dependencies"?: Record<string, string[]> }>;
      "build-system"?: Readonly<{ requires?: string[] }>;
    }>;
    const optional = Object.values(project?.["optional-dependencies"] ?? {}).flat();
    return [...(project?.dependencies ?? []), ...optional, ...(build?.requires ?? [])];
  });
  return [...new Set(texts)].sort();
}

test.skipIf(!present)("requirements of real projects mean the same to other readers", () => {
  const texts = requirements();
  const own = texts.map((text) => {
    const { name, extras, url } = parseRequirement(text);
    return { name, extras: [...extras].sort(), url: url ?? null };
  });
  expect(texts.length).toBeGreaterThan(0);
  for (const [index, text] of texts.entries()) {
    const { name } = own[index] ?? {};
    expect(parsePipRequirementsLine(text)).toMatchObject({ name });
  }
  const missing = packagingMissing();
  if (missing !== undefined) return console.warn(`SKIPPED the comparison with Python's packaging: ${missing}`);
  const program = `
import json, sys
from packaging.requirements import Requirement
read = [Requirement(text) for text in json.load(sys.stdin)]
json.dump([{"name": r.name, "extras": sorted(r.extras), "url": r.url} for r in read], sys.stdout)
`;
  expect(own).toEqual(python(program, texts));
});
