import type { Libc } from "../lock/target-environment.ts";
import type { ImageConfig } from "../oci/image-config.ts";

/** The version of Python that an image says it has: the official ones do, by `PYTHON_VERSION`. */
export function pythonVersionOf({ config }: ImageConfig): string | undefined {
  const entry = (config?.Env ?? []).find((one) => one.startsWith("PYTHON_VERSION="));
  return /^PYTHON_VERSION=(3\.\d+\.\d+(?:(?:a|b|rc)\d+)?)$/.exec(entry ?? "")?.[1];
}

/** The C library of an image by its history, which names the distribution in official images of Debian and Alpine; else undefined. */
export function libcOfHistory({ history }: ImageConfig): Libc | undefined {
  for (const { created_by } of history ?? []) {
    const command = created_by ?? "";
    const suite = /# debian\.sh\b.*?'([a-z]+)' '@\d+'/.exec(command)?.[1];
    const version = GLIBC.get(suite ?? "");
    if (version !== undefined) return { kind: "glibc", version };
    if (/\balpine-minirootfs-/.test(command)) return MUSL;
  }
  return undefined;
}

/** The C library of a distribution, by its `os-release` file; undefined for one that is not known here. */
export function libcOfRelease(text: string): Libc | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}=(["']?)([^"'\\n]*)\\1\\s*$`, "m").exec(text)?.[2];
  if (field("ID") === "alpine") return MUSL;
  const [id = "", release = ""] = [field("ID"), field("VERSION_ID")];
  const version = GLIBC.get(field("VERSION_CODENAME") ?? "") ?? GLIBC.get(`${id} ${release.split(".", 1)}`);
  return version === undefined ? undefined : { kind: "glibc", version };
}

/** The tag of musl wheels has been the same since 2019: musl 1.2 is in every Alpine that has a supported Python. */
const MUSL: Libc = { kind: "musl", version: "1.2" };

/** The version of glibc, by the code name of a Debian or Ubuntu release, or by name and number of another distribution. */
const GLIBC: ReadonlyMap<string, string> = new Map(
  Object.entries({
    buster: "2.28",
    bullseye: "2.31",
    bookworm: "2.36",
    trixie: "2.41",
    forky: "2.42",
    focal: "2.31",
    jammy: "2.35",
    noble: "2.39",
    "rhel 8": "2.28",
    "rhel 9": "2.34",
    "rhel 10": "2.39",
    "almalinux 8": "2.28",
    "almalinux 9": "2.34",
    "almalinux 10": "2.39",
    "rocky 8": "2.28",
    "rocky 9": "2.34",
    "rocky 10": "2.39",
    "amzn 2023": "2.34",
  }),
);
