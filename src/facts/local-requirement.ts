/** A line of a requirements file that names a file or directory. */
export type LocalRequirement = Readonly<{
  /** As it is written there: relative, or absolute. */
  path: string;
  /** The requirement that pip gets instead: not editable, since the directory is not in the image. */
  requirement: string;
  isEditable: boolean;
}>;

const ARCHIVE = /\.(?:whl|zip|tar|tgz|tar\.(?:gz|bz2|xz))$/;
const SCHEME = /^(?:https?|ftp|(?:git|hg|bzr|svn)(?:\+[a-z-]+)?):/i;

/**
 * Reads a requirement that is a path (`pip/_internal/req/constructors.py`): `./x[extra] ; marker`, `name @ file:./x`,
 * `file:///x`, `x.whl`. Undefined for one that is none.
 */
export function localRequirement(text: string, isEditable: boolean): LocalRequirement | undefined {
  // Options such as --hash follow the requirement after white space.
  const requirement = text
    .replace(/(?<!\s)\s+--[a-z].*$/s, "")
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();
  const path = pathOf(requirement);
  return path === undefined ? undefined : { path, requirement, isEditable };
}

function pathOf(requirement: string): string | undefined {
  const named = /^[\w.-]+\s*(?:\[[^\]]*\]\s*)?@\s*(file:\S+)/i.exec(requirement)?.[1];
  if (named !== undefined) return filePath(named);
  if (/^file:/i.test(requirement)) return filePath(/^\S+/.exec(requirement)?.[0] ?? "");
  const path = requirement
    .replace(/;.*$/s, "")
    .trimEnd()
    .replace(/\[[^[\]]*\]$/, "")
    .trim();
  if (SCHEME.test(path) || path.includes("@ ") || path === "") return undefined;
  const isPath = /^[./]/.test(path) || (/^[^\s/]*\//.test(path) && !path.includes("@")) || ARCHIVE.test(path);
  return isPath ? path : undefined;
}

/** The path of a `file:` URL. Without slashes after the scheme it is relative (`pip/_internal/utils/urls.py`). */
export function filePath(url: string): string {
  const path = url
    .replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, "")
    .replace(/#.*$/s, "")
    .replace(/\[[^[\]]*\]$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
