import { normalizeName } from "../config/normalize-name.ts";
import { shorten } from "../util/mask.ts";
import { checkPython } from "./check-python.ts";
import { gitSource } from "./git-source.ts";
import type { EntrySource, LockEntry } from "./lock-entry.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import { holds, MarkerError, parseMarker } from "./marker.ts";
import { type RawTable, shortOf, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";
import { hashesOf } from "./read-file.ts";

/** Chooses from a `pylock.toml` (PEP 751, "Installation"): every package whose marker holds. */
export const selectPylock: LockReader = (question) => {
  const { table, request, variables, problem } = question;
  const version = textOf(table["lock-version"]) ?? "";
  if (!/^1\./.test(version)) {
    problem(`the lock-version is "${version}"; microb reads version 1`);
    return [];
  }
  const [extras, groups] = [textsOf(table["extras"]), textsOf(table["dependency-groups"])].map(
    (names) => new Set(names.map(normalizeName)),
  );
  const wanted = request.onlyGroups ?? [...textsOf(table["default-groups"]).map(normalizeName), ...request.groups];
  for (const extra of request.extras) if (!extras?.has(extra)) problem(`the lock has no extra ${extra}`);
  for (const group of request.onlyGroups ?? request.groups)
    if (!groups?.has(group)) problem(`the lock has no group ${group}`);
  const environment = {
    variables,
    extra: () => false,
    sets: new Map([
      ["extras", new Set(request.extras)],
      ["dependency_groups", new Set(wanted)],
    ]),
  };
  const applies = (text: unknown, position?: number): boolean => {
    if (typeof text !== "string") return true;
    try {
      return holds(parseMarker(text), environment);
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      problem(error.message, position === undefined ? {} : { position });
      return false;
    }
  };
  checkPython(table["requires-python"], question);
  const environments = textsOf(table["environments"]);
  if (environments.length > 0 && !environments.some((one) => applies(one))) {
    problem("the lock is for other platforms", { help: `it is for: ${shorten(environments.join("; "), 300)}` });
    return [];
  }
  return tablesOf(table["packages"]).flatMap((raw, position): readonly LockEntry[] => {
    if (!applies(raw["marker"], position)) return [];
    const name = normalizeName(textOf(raw["name"]) ?? "");
    checkPython(raw["requires-python"], question, { name, position });
    const version = textOf(raw["version"]);
    return [{ name, position, ...(version !== undefined && { version }), source: sourceOf(raw, position, question) }];
  });
};

function sourceOf(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const [vcs, directory, archive] = [raw["vcs"], raw["directory"], raw["archive"]].map(tableOf);
  if (raw["vcs"] !== undefined) {
    if (vcs?.["type"] !== "git")
      question.problem(`${shortOf(vcs?.["type"])} repositories are not supported`, { position });
    const [url, commit] = [textOf(vcs?.["url"]), textOf(vcs?.["commit-id"])];
    return gitSource({ url, commit, subdirectory: textOf(vcs?.["subdirectory"]) }, position, question);
  }
  const path = textOf(directory?.["path"]);
  if (path !== undefined) {
    const subdirectory = textOf(directory?.["subdirectory"]);
    return { kind: "local", path: subdirectory === undefined ? path : `${path}/${subdirectory}` };
  }
  if (raw["archive"] === undefined) {
    return readEntryFiles({ wheels: raw["wheels"], sdist: raw["sdist"] }, position, question);
  }
  if (archive?.["subdirectory"] !== undefined) {
    question.problem("it is in a subdirectory of an archive, which microb cannot build", {
      position,
      code: "lock.unsupported",
    });
  }
  const [url, file] = [textOf(archive?.["url"]), textOf(archive?.["path"])];
  if (url === undefined && file !== undefined) {
    const { sha256 } = hashesOf(archive ?? {});
    return { kind: "local", path: file, ...(sha256 !== undefined && { sha256 }) };
  }
  const isWheel = /\.whl(?:[?#]|$)/.test(url ?? "");
  return readEntryFiles(
    isWheel ? { wheels: [archive], sdist: undefined } : { wheels: [], sdist: archive },
    position,
    question,
  );
}
