import type { GitOptions } from "../llb/git.ts";
import { parseBoolean } from "./option-reader.ts";

/** What of a repository is meant. */
export type GitReference = Omit<GitOptions, "name">;

/**
 * Reads a git URL as build contexts are named (BuildKit `dfgitutil/git_ref.go`, `gitutil/git_url.go`): with the scheme
 * git or ssh, `user@host:path`, http(s) whose path ends in `.git`, or `github.com/…`; then `#REF:DIRECTORY` or a query.
 * Undefined for any other text.
 * @throws RangeError when it is one and its query is not understood.
 */
export function parseGitReference(text: string): GitReference | undefined {
  const url = toUrl(text);
  if (url === undefined) return undefined;
  const { scheme, host, path, remote } = url;
  const mayBeDownload = /^https?:/i.test(text);
  if (mayBeDownload && !path.endsWith(".git")) return undefined;
  const [ref = "", ...directory] = url.fragment.split(":");
  const wanted = readQuery(url.query, { ref, subdirectory: cleanPath(directory.join(":")) });
  return {
    remote: remote.replace(/[?#].*$/s, ""),
    location: `${host}/${path.replace(/^\/+/, "")}`,
    overSsh: scheme === "ssh",
    ...wanted,
  };
}

type Url = Readonly<Record<"scheme" | "host" | "path" | "query" | "fragment" | "remote", string>>;

function toUrl(text: string): Url | undefined {
  const remote = text.startsWith("github.com/") ? `https://${text}` : text;
  const [, scheme, , host = "", path = "", query = "", fragment = ""] =
    /^(https?|ssh|git):\/\/([^/?#@]*@)?([^/?#]+)(\/[^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(remote) ??
    // The short form of ssh, as git itself has it.
    /^()([A-Za-z0-9_.-]+@)([^\s:/?#]+):([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(remote) ??
    [];
  if (scheme === undefined) return undefined;
  return { scheme: scheme.toLowerCase() || "ssh", host, path, query, fragment, remote };
}

function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

type Wanted = Readonly<{ ref: string; subdirectory: string }>;

function readQuery(query: string, inFragment: Wanted): Partial<GitReference> {
  const values = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!QUERY_KEYS.has(key)) throw new RangeError(`the query key "${key}" is unknown`);
    if (values.has(key)) throw new RangeError(`the query key "${key}" is given twice`);
    if (value === "" && !SWITCHES.has(key)) throw new RangeError(`the query key "${key}" has no value`);
    values.set(key, value);
  }
  const enabled = (key: string): boolean | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : value === "" || parseBoolean(value);
  };
  const refs = [inFragment.ref, values.get("ref"), prefixed("refs/tags/", "tag"), prefixed("refs/heads/", "branch")];
  function prefixed(prefix: string, key: string): string | undefined {
    const name = values.get(key);
    return name === undefined || name.startsWith(prefix) ? name : prefix + name;
  }
  const ref = onlyOne("ref", refs);
  const subdirectory = onlyOne("subdir", [inFragment.subdirectory, cleanPath(values.get("subdir") ?? "")]);
  const checksum = onlyOne("commit", [values.get("checksum"), values.get("commit")]);
  const times = values.get("mtime");
  if (times !== undefined && times !== "checkout" && times !== "commit") {
    throw new RangeError(`mtime must be "checkout" or "commit", not "${times}"`);
  }
  return {
    ...(ref !== "" && { ref }),
    ...(subdirectory !== "" && { subdirectory }),
    ...(checksum !== "" && { checksum }),
    ...(enabled("keep-git-dir") && { keepGitDirectory: true }),
    ...(enabled("submodules") === false && { skipSubmodules: true }),
    ...(enabled("fetch-by-commit") && { fetchByCommit: true }),
    ...(times !== undefined && { times }),
  };
}

const SWITCHES = new Set(["keep-git-dir", "submodules", "fetch-by-commit"]);
const QUERY_KEYS = new Set(["ref", "tag", "branch", "subdir", "checksum", "commit", "mtime", ...SWITCHES]);

function onlyOne(what: string, values: readonly (string | undefined)[]): string {
  const [first = "", ...others] = new Set(values.filter((value) => value !== undefined && value !== ""));
  if (others.length > 0) throw new RangeError(`it has both ${what} "${first}" and ${what} "${others[0]}"`);
  return first;
}
