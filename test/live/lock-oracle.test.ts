import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { normalizeName } from "../../src/config/normalize-name.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { UserError } from "../../src/diagnostic/user-error.ts";
import type { LockRequest } from "../../src/lock/lock-request.ts";
import type { LockedPackage } from "../../src/lock/locked-package.ts";
import { type RawTable, tableOf, tablesOf, textOf, textsOf } from "../../src/lock/raw-table.ts";
import { selectPackages } from "../../src/lock/select-packages.ts";
import type { Libc } from "../../src/lock/target-environment.ts";
import { type LockOracle, lockOracle } from "../support/lock-oracle.ts";
import { platformOf } from "../support/machine-platform.ts";

// What real projects' locks install, as we choose it and as uv and PyPA's packaging do.

const CORPUS = process.env["MICROB_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus");

const GLIBC: Libc = { kind: "glibc", version: "2.36" };
const TARGETS: readonly Readonly<{ machine: string; libc: Libc }>[] = [
  { machine: "x86_64", libc: GLIBC },
  { machine: "aarch64", libc: GLIBC },
  { machine: "x86_64", libc: { kind: "musl", version: "1.2" } },
  { machine: "armv7l", libc: GLIBC },
];
const PYTHONS = ["3.11.9", "3.12.7", "3.13.1"];
const CELLS = TARGETS.flatMap(({ machine, libc }) => PYTHONS.map((python) => ({ machine, libc, python })));

/** A lock, and which part of it is installed. */
type Question = Readonly<{ file: string; what: string; request: LockRequest }>;

/** One line for each package by its name, or what is wrong under the empty name. */
type Selection = Readonly<Record<string, string>>;

const why = unavailable();
if (typeof why === "string") console.warn(`SKIPPED the comparison of locks with uv and packaging: ${why}`);

function unavailable(): string | LockOracle {
  if (!existsSync(CORPUS)) return `there is no directory ${CORPUS}; MICROB_CORPUS names another`;
  try {
    return lockOracle();
  } catch (error) {
    return `they cannot be installed: ${String(error)}`;
  }
}

describe.skipIf(typeof why === "string")("locks of real projects", () => {
  test("install what uv and packaging choose", { timeout: 600_000 }, () => {
    if (typeof why === "string") return;
    const started = performance.now();
    const questions = locks().flatMap(questionsOf);
    const answers = why.ask<readonly (readonly Selection[])[]>("select", {
      uv: why.uv,
      locks: questions.map(({ file, request: { source: _, root: member, ...parts } }) => ({ file, member, ...parts })),
      targets: TARGETS,
      pythons: PYTHONS,
    });
    const asked = performance.now();

    const counts = { selections: 0, packages: 0 };
    const refused = new Map<string, number>();
    const differing = new Map<string, readonly string[]>();
    for (const [index, question] of questions.entries()) {
      for (const [number, { machine, libc, python }] of CELLS.entries()) {
        const expected = answers[index]?.[number];
        const own = select(question.request, machine, libc, python);
        const differences = expected === undefined ? ["not answered"] : compare(own, expected);
        counts.selections++;
        const refusal = expected?.[""];
        if (refusal !== undefined) refused.set(kindOf(refusal), (refused.get(kindOf(refusal)) ?? 0) + 1);
        else counts.packages += Object.keys(expected ?? {}).length;
        const name = `${relative(CORPUS, question.file)} (${question.what}) ${machine} ${libc.kind} ${python}`;
        if (differences.length > 0) differing.set(name, differences);
      }
    }
    const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
    console.info(
      `${locks().length} locks, ${counts.selections} selections, ${counts.selections - differing.size} equal ` +
        `(refused by both: ${[...refused].map((one) => one.join(" ")).join(", ") || "none"}; ` +
        `the others of ${counts.packages} packages), ` +
        `${differing.size} not; the oracles took ${seconds(started, asked)} s, ` +
        `microb ${seconds(asked, performance.now())} s`,
    );
    expect(questions.length).toBeGreaterThan(0);
    expect(Object.fromEntries(differing)).toEqual({});
  });
});

/** Those of the corpus, and one of our own with what is rare there. */
function locks(): readonly string[] {
  return [CORPUS, join(import.meta.dirname, "../fixture/workspace-lock")].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((path) => /(?:^|\/)(?:uv\.lock|pylock(?:\.[^./]+)?\.toml)$/.test(path))
      .map((path) => join(directory, path))
      .sort(),
  );
}

/** A lock of a workspace whose root is no project is asked for each member. */
function questionsOf(file: string): readonly Question[] {
  // The whole repository is the build context: paths of a lock may lead to its other directories.
  const below = relative(CORPUS, file).split("/");
  const source = sourceText(below[0] === ".." ? basename(file) : below.slice(1).join("/"), readFileSync(file, "utf8"));
  const table: RawTable = parse(source.text);
  const request = { source, extras: [], groups: [] };
  if (basename(file) !== "uv.lock") {
    const [extras = [], groups = []] = [textsOf(table["extras"]), textsOf(table["dependency-groups"])].map(normalized);
    return partly({ file, what: "project", request }, { extras, groups }, false);
  }
  const hasConflicts = table["conflicts"] !== undefined;
  const packages = tablesOf(table["package"]);
  const root = packages.find((one) => Object.values(tableOf(one["source"])).includes("."));
  if (root !== undefined) return partly({ file, what: "project", request }, partsOf(root), hasConflicts);
  return textsOf(tableOf(table["manifest"])["members"]).flatMap((member) => {
    const own = packages.find((one) => textOf(one["name"]) === member) ?? {};
    return partly({ file, what: member, request: { ...request, root: member } }, partsOf(own), hasConflicts);
  });
}

type Parts = Pick<LockRequest, "extras" | "groups">;

/**
 * A question for the least, one with all extras and groups, one for the groups alone, and such with each of them if not
 * all go together.
 */
function partly(question: Question, { extras, groups }: Parts, hasConflicts: boolean): readonly Question[] {
  const more = (what: string, parts: Partial<LockRequest>): Question => ({
    ...question,
    what: `${question.what}, ${what}`,
    request: { ...question.request, ...parts },
  });
  const all = [
    question,
    ...(extras.length + groups.length === 0 ? [] : [more("everything", { extras, groups })]),
    // Other formats have default groups, which these come in the place of.
    ...(groups.length === 0 || !question.file.endsWith("uv.lock") ? [] : [more("groups", { onlyGroups: groups })]),
  ];
  if (!hasConflicts) return all;
  return [
    ...all,
    ...extras.map((extra) => more(`extra ${extra}`, { extras: [extra] })),
    ...groups.map((group) => more(`group ${group}`, { groups: [group] })),
    ...groups.map((group) => more(`group ${group} alone`, { onlyGroups: [group] })),
  ];
}

function partsOf(root: RawTable): Parts {
  const metadata = tableOf(root["metadata"]);
  const keys = (table: unknown): readonly string[] => Object.keys(tableOf(table));
  return {
    extras: normalized([...keys(root["optional-dependencies"]), ...textsOf(metadata["provides-extras"])]),
    groups: normalized([...keys(root["dev-dependencies"]), ...keys(metadata["requires-dev"])]),
  };
}

function normalized(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(normalizeName))].sort();
}

function select(request: LockRequest, machine: string, libc: Libc, pythonVersion: string): Selection | UserError {
  try {
    const packages = selectPackages(request, { platform: platformOf(machine), pythonVersion, libc });
    return Object.fromEntries(packages.map((one) => [one.name, described(one)]));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** As `lock-oracle.py` describes a package. */
function described({ version, source }: LockedPackage): string {
  switch (source.kind) {
    case "git":
      return `git ${source.commit}`;
    case "local":
      return "local";
    default:
      // Not the name: uv exports the one that it would give the file itself.
      return [version, source.kind, source.url, source.sha256].filter((part) => part !== undefined).join(" ");
  }
}

/** How two selections differ. Where the oracle refuses, we have to say what it says. */
function compare(own: Selection | UserError, expected: Selection): readonly string[] {
  const refusal = expected[""];
  if (refusal !== undefined) {
    const said = own instanceof UserError ? own.diagnostics.map(({ message }) => message) : ["(no problem)"];
    return said.some((message) => isSame(message, refusal)) ? [] : [`oracle: ${refusal}; microb: ${said.join("; ")}`];
  }
  if (own instanceof UserError) return own.diagnostics.map(({ message }) => `oracle: no problem; microb: ${message}`);
  return [...new Set([...Object.keys(own), ...Object.keys(expected)])]
    .filter((name) => own[name] !== expected[name])
    .sort()
    .map((name) => {
      if (own[name] === undefined) return `${name}: only the oracle`;
      if (expected[name] === undefined) return `${name}: only microb`;
      return `${name}: oracle ${expected[name]}; microb ${own[name]}`;
    });
}

/** What the refusals of the oracles are about. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  "no wheel": /^No wheel found .* for package '([^']+)'/,
  "other Python": /does not satisfy the Python version/,
  "other platform": /does not satisfy any of the environments/,
  conflict: /^uv refuses: .*(?:conflict|incompatible)/s,
  // uv exports what its own installation refuses.
  ambiguous: /^Multiple packages with the name/,
};

function kindOf(refusal: string): string {
  return Object.entries(REFUSALS).find(([, pattern]) => pattern.test(refusal))?.[0] ?? "unknown";
}

function isSame(message: string, refusal: string): boolean {
  switch (kindOf(refusal)) {
    case "no wheel":
      return message.startsWith(`${REFUSALS["no wheel"]?.exec(refusal)?.[1]} `) && message.includes("has no wheel for");
    case "other Python":
      return message.includes("is for Python");
    case "other platform":
      return message.includes("the lock is for other platforms");
    case "conflict":
      return message.includes("exclude each other");
    case "ambiguous":
      return /exclude each other|twice for this platform/.test(message);
    default:
      return false;
  }
}
