import { normalizeName } from "../config/normalize-name.ts";
import type { EntrySource, LockEntry } from "./lock-entry.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import { holds, MarkerError, parseMarker } from "./marker.ts";
import { type RawTable, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";

/** Chooses from a `pdm.lock` that has URLs (`static_urls`) and says of each package what it is for (`inherit_metadata`). */
export const selectPdm: LockReader = (question) => {
  const { table, request, variables, problem } = question;
  const metadata = tableOf(table["metadata"]);
  const strategies = textsOf(metadata["strategy"]);
  for (const strategy of ["static_urls", "inherit_metadata"]) {
    if (strategies.includes(strategy)) continue;
    problem(`it was made without the strategy ${strategy}, so it does not tell ${LACKS[strategy]}`, {
      help: "pdm lock --strategy static_urls,inherit_metadata",
      code: "lock.unsupported",
    });
    return [];
  }
  const known = new Set(textsOf(metadata["groups"]).map(normalizeName));
  const wanted = new Set(request.onlyGroups ?? ["default", ...request.extras, ...request.groups]);
  for (const group of wanted) if (!known.has(group)) problem(`it has no group ${group}`);
  const environment = { variables, extra: () => false, sets: new Map<string, ReadonlySet<string>>() };
  const chosen = new Map<string, LockEntry>();
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
    if (chosen.has(name)) continue;
    chosen.set(name, {
      name,
      position,
      ...(version !== undefined && { version }),
      source: sourceOf(raw, position, question),
    });
  }
  return [...chosen.values()];
};

const LACKS: Readonly<Record<string, string>> = {
  static_urls: "where files are",
  inherit_metadata: "what each package is for",
};

function sourceOf(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const [git, path] = [textOf(raw["git"]), textOf(raw["path"])];
  if (git !== undefined) return { kind: "git", url: git, commit: textOf(raw["revision"]) ?? "" };
  if (path !== undefined) return { kind: "local", path };
  const files = tablesOf(raw["files"]).map((file) => ({ ...file, name: textOf(file["file"]) }));
  const isWheel = ({ url }: RawTable): boolean => /\.whl(?:[?#]|$)/.test(textOf(url) ?? "");
  return readEntryFiles(
    { wheels: files.filter(isWheel), sdist: files.find((file) => !isWheel(file)) },
    position,
    question,
  );
}
