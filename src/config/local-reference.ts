import { normalizeName } from "./normalize-name.ts";
import { parseRequirement } from "./requirement.ts";

/** A direct reference to a file or directory. */
export type LocalReference = Readonly<{
  /** Relative to the project, if the build backend turns it into a URL that pip accepts. */
  path?: string;
  /** The path of a URL that pip itself takes. */
  absolute?: string;
  /** How to write it for this backend, if there is a way. */
  spelling?: string;
}>;

/**
 * Reads the URL of a requirement as a reference to something local; undefined if it is none. pip accepts `file:` URLs with
 * absolute paths only, so relative ones work only if the backend expands them: `file:///${PROJECT_ROOT}/x` (pdm-backend
 * `utils.py`, `expand_vars`), `{root:uri}/x` and `{root:parent:uri}/x` (hatchling `utils/context.py`), a path without a scheme
 * (poetry-core `dependency.py`, `create_from_pep_508`).
 */
export function localReference(url: string, buildRequires: readonly string[]): LocalReference | undefined {
  const [, rootPath] = /^file:\/\/\/\$\{PROJECT_ROOT\}\/?(.*)$/.exec(url) ?? [];
  const [, parents = "", hatchPath] = /^(?:file:\/\/)?\{root((?::parent)*)(?::uri|:real)?\}\/?(.*)$/.exec(url) ?? [];
  const [, filePath] = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/i.exec(url) ?? [];
  const plainPath = rootPath === undefined && hatchPath === undefined && !url.includes(":") ? url : undefined;
  const written =
    rootPath ??
    (hatchPath === undefined ? (plainPath ?? filePath) : "../".repeat(parents.length / ":parent".length) + hatchPath);
  if (written === undefined) return undefined;
  if (rootPath === undefined && hatchPath === undefined && written.startsWith("/"))
    return { absolute: decoded(written.replace(/[#?].*$/, "")) };
  const path = decoded(written.replace(/[#?].*$/, "").replace(/^(?:\.\/+)+/, ""));
  const names = new Set(buildRequires.flatMap(nameOf));
  const spellings = [
    ["pdm-backend", `file:///\${PROJECT_ROOT}/${path}`, rootPath !== undefined],
    ["hatchling", `{root:uri}/${path}`, hatchPath !== undefined],
    ["poetry-core", path.startsWith(".") ? path : `./${path}`, plainPath !== undefined],
  ] as const;
  const own = spellings.find(([backend]) => names.has(backend));
  if (own?.[2] === true) return { path };
  return own === undefined ? {} : { spelling: own[1] };
}

function nameOf(requirement: string): readonly string[] {
  try {
    return [normalizeName(parseRequirement(requirement).name)];
  } catch {
    return [];
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
