import type { AddSource } from "./step.ts";

/** What the `src` of an entry names; `other` is a URL that cannot be fetched. */
export type Source = AddSource | Readonly<{ kind: "git" | "other" }>;

/**
 * Decides what a text names, as the ADD of a Dockerfile does (BuildKit `dockerfile2llb/convert_copy.go`, `dfgitutil`,
 * `sshutil/scpurl.go`): a repository, a download, else a path. Both readings of a plan use this answer.
 */
export function readSource(text: string): Source {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return /^[A-Za-z0-9_-]+@[A-Za-z0-9.-]+:/.test(text) ? { kind: "git" } : { kind: "context", path: text };
  }
  if (scheme === "git" || scheme === "ssh") return { kind: "git" };
  if ((scheme !== "http" && scheme !== "https") || !URL.canParse(text)) return { kind: "other" };
  // A Dockerfile takes a URL for a path if its scheme is in capitals.
  const source = download(scheme + text.slice(scheme.length));
  return decodedPath(source.url)?.endsWith(".git") ? { kind: "git" } : source;
}

/** A file behind an http or https URL, with the name that ADD gives it: the last part of its path. */
export function download(url: string): Extract<AddSource, { kind: "download" }> {
  return { kind: "download", url, name: /([^/]+)\/*$/.exec(decodedPath(url) ?? "")?.[1] ?? "__unnamed__" };
}

/** Undefined if it is no text. */
function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}
