import type { LockFile } from "./lock-entry.ts";

/** A file as locks write it, in their different words. */
export type RawFile = Readonly<Record<string, unknown>>;

/** Why a file cannot be used. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Parameters of URLs that hold passwords, such as those of signed ones. Provenance names every URL. */
const SECRET =
  /(?:^|[_-])(?:api_?key|auth|authorization|credentials?|key|passwd|password|secret|sig|signature|token)$/i;

/**
 * A file of a lock: where it is, what it is called, and its hash.
 * @throws FileError when it has no URL that can be asked and shown, no sha256, or a name that is none.
 */
export function readFile(raw: RawFile): LockFile {
  const { url, size } = raw;
  if (typeof url !== "string" || !URL.canParse(url)) throw new FileError("it has a file without a URL");
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol))
    throw new FileError(`${parsed.protocol} URLs cannot be downloaded by a build`);
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  if ([...parsed.searchParams.keys()].some((key) => SECRET.test(key)))
    throw new FileError("it has a URL with a secret in its query, which everybody could read who has the image");
  const written = typeof raw["name"] === "string" ? raw["name"] : decodeName(parsed.pathname.split("/").at(-1) ?? "");
  if (!/^[A-Za-z0-9][A-Za-z0-9._+!-]{0,254}$/.test(written))
    throw new FileError(`"${written.slice(0, 80)}" is no name of a file`);
  return {
    url: parsed.href,
    filename: written,
    sha256: sha256Of(raw),
    ...(typeof size === "number" && size >= 0 && { size }),
  };
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `hash = "sha256:…"` of uv and PDM, `hashes.sha256` of PEP 751. */
function sha256Of({ hash, hashes }: RawFile): string {
  const table = typeof hashes === "object" && hashes !== null ? (hashes as Readonly<Record<string, unknown>>) : {};
  const text = typeof hash === "string" ? /^sha256:(.*)$/.exec(hash)?.[1] : table["sha256"];
  if (typeof text === "string" && /^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new FileError("it has a file without a sha256");
}
