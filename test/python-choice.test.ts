import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { expect, test } from "vitest";
import { parseProject } from "../src/config/py-project.ts";
import { sourceText } from "../src/diagnostic/source-text.ts";
import { UserError } from "../src/diagnostic/user-error.ts";
import { parseIgnoreFile } from "../src/facts/ignore-file.ts";
import { localReader } from "../src/facts/local-reader.ts";
import { selectPackages } from "../src/lock/select-packages.ts";
import { assumedEnvironment } from "../src/plan/assumed-environment.ts";
import { type ProjectPlan, planProject } from "../src/plan/plan-project.ts";
import { pythonCandidates } from "../src/plan/python-candidates.ts";
import { AMD64 } from "./support/planning.ts";

const CORPUS = process.env["MICROB_CORPUS"] ?? join(import.meta.dirname, "../../shared/corpus");
const present = existsSync(CORPUS);
if (!present) console.warn(`SKIPPED the choice of Python for real locks: there is no directory ${CORPUS}`);

/** Every project of the corpus that has a lock, by the path of its build file. */
async function lockedProjects(): Promise<ReadonlyMap<string, ProjectPlan>> {
  const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).filter(
    (path) => basename(path) === "pyproject.toml",
  );
  const plans = files.sort().map(async (path): Promise<readonly [string, ProjectPlan | undefined]> => {
    const [repository = "", ...inside] = path.split(sep);
    try {
      const source = sourceText(path, readFileSync(join(CORPUS, path), "utf8"));
      const [target = ""] = [...parseProject(source).targets.keys()].sort();
      const planned = await planProject(localReader(join(CORPUS, repository)), {
        source,
        // The corpus holds no histories: its directories are a client's, where they are taken to be there.
        ignore: parseIgnoreFile(sourceText(".dockerignore", "")),
        location: { directory: inside.slice(0, -1).join("/"), buildFile: "pyproject.toml" },
        target,
        platforms: [AMD64],
        variables: new Map(),
      });
      return [path, planned];
    } catch (error) {
      if (error instanceof UserError) return [path, undefined];
      throw error;
    }
  });
  const found = await Promise.all(plans);
  return new Map(found.flatMap(([path, plan]) => (plan?.plan.locked === undefined ? [] : [[path, plan] as const])));
}

/** What a lock builds from source with a Python, counted anew; infinitely many if it cannot be installed. */
function sourceBuilds({ plan }: ProjectPlan, tag: string): number {
  const { locked } = plan;
  if (locked === undefined) throw new TypeError("there is no lock");
  try {
    const base = locked.base.replace(/:3(?:\.\d+)*/, `:${tag}`);
    const packages = selectPackages(locked.lock, assumedEnvironment(base, AMD64));
    return packages.filter(({ source }) => source.kind === "sdist" || source.kind === "git").length;
  } catch (error) {
    if (error instanceof UserError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

// A reviewed table: after a change on purpose npm run test:update, and read the diff.
test.skipIf(!present)(
  "no Python that the rule admits builds less of a real lock from source",
  async () => {
    const rows: string[] = [];
    for (const [path, planned] of await lockedProjects()) {
      const { project, plan } = planned;
      const chosen = /^python:(3(?:\.\d+)*)/.exec(plan.locked?.base ?? "")?.[1] ?? "";
      if (plan.pythonReason === undefined) {
        rows.push(`${dirname(path)}: ${chosen}, which is asked for`);
        continue;
      }
      const limits = project.metadata.pythonLimits.map(({ constraint = [] }) => constraint);
      const settled = pythonCandidates(limits).filter(({ kind }) => kind === "settled");
      const counts = settled.map(({ tag }) => ({ tag, builds: sourceBuilds(planned, tag) }));
      const own = counts.find(({ tag }) => tag === chosen);
      const fewest = Math.min(...counts.map(({ builds }) => builds));
      if (own !== undefined) {
        expect(own.builds, path).toBe(fewest);
        expect(counts.find(({ builds }) => builds === fewest)?.tag, path).toBe(chosen);
      } else expect(fewest, path).toBe(Number.POSITIVE_INFINITY);
      const table = counts.map(({ tag, builds }) => `${tag}: ${Number.isFinite(builds) ? builds : "-"}`);
      rows.push(`${dirname(path)}: ${chosen} of ${table.join(", ")}`);
    }
    expect(rows.length).toBeGreaterThan(0);
    await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "golden/python-choices.txt"));
  },
  300_000,
);
