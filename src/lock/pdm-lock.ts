import { meets } from "../config/meets.ts";
import { normalizeName } from "../config/normalize-name.ts";
import { shorten } from "../util/mask.ts";
import { gitSource } from "./git-source.ts";
import type { EntrySource, LockEntry } from "./lock-entry.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import { holds, MarkerError, parseMarker } from "./marker.ts";
import { type RawTable, shortOf, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";

/** Chooses from a `pdm.lock` that has URLs (`static_urls`) and says of each package what it is for (`inherit_metadata`). */
export const selectPdm: LockReader = (question) => {
  const { table, request, variables, problem } = question;
  const metadata = tableOf(table["metadata"]);
  const strategies = textsOf(metadata["strategy"]);
  for (const strategy of ["static_urls", "inherit_metadata"]) {
    if (strategies.includes(strategy)) continue;
    problem(`the lock was made without the strategy ${strategy}, so it does not say ${LACKS[strategy]}`, {
      help: "run pdm lock --strategy static_urls,inherit_metadata",
      code: "lock.unsupported",
    });
    return [];
  }
  const targets = tablesOf(metadata["targets"]);
  if (targets.length > 0 && !targets.some((one) => isTarget(one, variables))) {
    const made = targets.map((one) =>
      [one["platform"], one["requires_python"]].filter(Boolean).map(shortOf).join(", Python "),
    );
    problem("the lock is for other platforms", { help: `it is for: ${shorten(made.join("; "), 300)}` });
    return [];
  }
  const known = new Set(textsOf(metadata["groups"]).map(normalizeName));
  const wanted = new Set(request.onlyGroups ?? ["default", ...request.extras, ...request.groups]);
  for (const group of wanted) if (!known.has(group)) problem(`the lock has no group ${group}`);
  const environment = { variables, extra: () => false, sets: new Map<string, ReadonlySet<string>>() };
  const chosen: LockEntry[] = [];
  const seen = new Set<string>();
  for (const [position, raw] of tablesOf(table["package"]).entries()) {
    if (!textsOf(raw["groups"]).some((group) => wanted.has(normalizeName(group)))) continue;
    try {
      const marker = textOf(raw["marker"]);
      if (marker !== undefined && !holds(parseMarker(marker), environment)) continue;
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      problem(error.message, { position });
      continue;
    }
    const name = normalizeName(textOf(raw["name"]) ?? "");
    const version = textOf(raw["version"]);
    // A package with extras is there twice: the files are the same.
    const key = `${name} ${version}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const source = sourceOf(raw, position, question);
    chosen.push({ name, position, ...(version !== undefined && { version }), source });
  }
  return chosen;
};

/** Whether a lock that was made for some platforms, `[[metadata.targets]]`, was made for Linux and this Python. */
function isTarget(
  { platform, requires_python: python, implementation }: RawTable,
  variables: LockQuestion["variables"],
): boolean {
  const isHere = platform === undefined || /^(?:linux|manylinux|musllinux)/.test(shortOf(platform));
  const isPython = typeof python !== "string" || meets(variables.get("python_full_version") ?? "", python);
  return isHere && isPython && (implementation === undefined || implementation === "cpython");
}

const LACKS: Readonly<Record<string, string>> = {
  static_urls: "where files are",
  inherit_metadata: "what each package is for",
};

function sourceOf(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const [git, path] = [textOf(raw["git"]), textOf(raw["path"])];
  if (git !== undefined) {
    const [commit, subdirectory] = [textOf(raw["revision"]), textOf(raw["subdirectory"])];
    return gitSource({ url: git, commit, subdirectory }, position, question);
  }
  if (path !== undefined) return { kind: "local", path };
  const files = tablesOf(raw["files"]).map((file) => ({ ...file, name: textOf(file["file"]) }));
  const isWheel = ({ url }: RawTable): boolean => /\.whl(?:[?#]|$)/.test(textOf(url) ?? "");
  return readEntryFiles(
    { wheels: files.filter(isWheel), sdist: files.find((file) => !isWheel(file)) },
    position,
    question,
  );
}
