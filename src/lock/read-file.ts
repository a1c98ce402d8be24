import { shorten } from "../util/mask.ts";
import type { LockFile } from "./lock-entry.ts";

/** A file as the different formats of locks write it. */
export type RawFile = Readonly<Record<string, unknown>>;

/** Why a file cannot be used. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Parameters of URLs that hold passwords, such as those of signed ones. Provenance names every URL. */
const SECRET =
  /(?:^|[_-])(?:api_?key|auth|authorization|credentials?|key|passwd|password|secret|sig|signature|token)$/i;

/**
 * A file of a lock: where it is, its name, and its hash. A file without a hash is an error only if it is chosen.
 * `directory` is where paths of files start, relative to the lock.
 * @throws FileError when its URL cannot be downloaded or shown, or its name is not valid.
 */
export function readFile(raw: RawFile, directory = ""): LockFile {
  const { url, path, size } = raw;
  if (url === undefined && typeof path === "string") {
    const from = { path: directory === "" || path.startsWith("/") ? path : `${directory}/${path}` };
    return { ...describe(raw, path.split("/").at(-1) ?? "", size), from };
  }
  if (typeof url !== "string" || !URL.canParse(url)) throw new FileError("it has a file without a URL");
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol))
    throw new FileError(`${parsed.protocol} URLs cannot be downloaded by a build`);
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  if ([...parsed.searchParams.keys()].some((key) => SECRET.test(key)))
    throw new FileError("it has a URL with a secret in its query, which the provenance of the image would show");
  return { ...describe(raw, decodeName(parsed.pathname.split("/").at(-1) ?? ""), size), from: { url: parsed.href } };
}

function describe(raw: RawFile, last: string, size: unknown): Omit<LockFile, "from"> {
  const filename = typeof raw["name"] === "string" ? raw["name"] : last;
  if (!/^[A-Za-z0-9][A-Za-z0-9._+!-]{0,254}$/.test(filename))
    throw new FileError(`"${shorten(filename)}" is not a valid file name`);
  return { filename, ...hashesOf(raw), ...(typeof size === "number" && size >= 0 && { size }) };
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `hash = "sha256:…"` of uv and PDM, `hashes.sha256` of PEP 751. */
export function hashesOf({ hash, hashes }: RawFile): Pick<LockFile, "sha256" | "otherHashes"> {
  const [, name = "", digest = ""] = typeof hash === "string" ? (/^(\w+):(.*)$/.exec(hash) ?? []) : [];
  const table = typeof hashes === "object" && hashes !== null ? (hashes as Readonly<Record<string, unknown>>) : {};
  const found = name === "" ? Object.entries(table) : [[name, digest] as const];
  const [sha256] = found.flatMap(([key, text]) => (key === "sha256" && isSha256(text) ? [text.toLowerCase()] : []));
  return {
    ...(sha256 !== undefined && { sha256 }),
    otherHashes: found.map(([key]) => key).filter((key) => key !== "sha256"),
  };
}

function isSha256(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{64}$/i.test(text);
}
