/** Operating system, architecture and variant of an image, in the words of the OCI image specification. */
export type Platform = Readonly<{ os: string; architecture: string; variant?: string }>;

const ARCHITECTURE_ALIASES: Readonly<Record<string, Readonly<{ architecture: string; variant?: string }>>> = {
  x86_64: { architecture: "amd64" },
  "x86-64": { architecture: "amd64" },
  i386: { architecture: "386" },
  i686: { architecture: "386" },
  aarch64: { architecture: "arm64" },
  armhf: { architecture: "arm", variant: "v7" },
  armel: { architecture: "arm", variant: "v6" },
};

/** The variant that is implied, and therefore not written, for an architecture. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { amd64: "v1", arm64: "v8" };

/**
 * The one spelling of a platform that BuildKit uses for keys and digests
 * (containerd `platforms/database.go`): aliases resolved, implied variants dropped, `arm` given its default `v7`.
 */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase() || "linux";
  const written = platform.architecture.toLowerCase();
  const alias = ARCHITECTURE_ALIASES[written];
  const architecture = alias?.architecture ?? written;
  let variant = platform.variant?.toLowerCase() || alias?.variant;
  if (variant !== undefined) variant = variant.replace(/^v?(\d+)(?:\.0)?$/, "v$1");
  if (architecture === "arm") variant ??= "v7";
  if (variant === undefined || DEFAULT_VARIANTS[architecture] === variant) return { os, architecture };
  return { os, architecture, variant };
}

/** Architectures by the names that Go has for them: what a word alone may be. */
const ARCHITECTURES: ReadonlySet<string> = new Set([
  ...["386", "amd64", "arm", "arm64", "loong64", "mips64", "mips64le", "ppc64le", "riscv64", "s390x"],
  ...Object.keys(ARCHITECTURE_ALIASES),
]);

/**
 * Reads `os/architecture[/variant]`, as `--platform` takes it. One word is an architecture, or an operating system; what
 * it does not say is that of `machine`: Docker 20.10 passes on what was typed (containerd `platforms.Parse`).
 * @throws RangeError when the text is not of that form.
 */
export function parsePlatform(text: string, machine: Platform): Platform {
  const word = text.trim().toLowerCase();
  if (word === machine.os) return normalizePlatform(machine);
  if (ARCHITECTURES.has(word)) return normalizePlatform({ os: machine.os, architecture: word });
  const [os, architecture, variant, ...rest] = text.trim().split("/");
  if (!os || !architecture || rest.length > 0 || variant === "" || !/^[A-Za-z0-9_/.-]+$/.test(text.trim())) {
    throw new RangeError(`"${text}" is not a platform: expected os/architecture[/variant], such as linux/amd64`);
  }
  return normalizePlatform(variant === undefined ? { os, architecture } : { os, architecture, variant });
}

/** `os/architecture[/variant]`: the key of a platform in results (BuildKit `platforms.FormatAll`). */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
