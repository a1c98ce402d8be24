import toml from "@iarna/toml";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { LockedPackage } from "./locked-package.ts";
import type { TargetEnvironment } from "./target-environment.ts";

// STAND-IN until the readers of locks are merged: no markers, no extras, no groups; every package of the file.

type File = { url?: string; hash?: string; size?: number; name?: string; hashes?: { sha256: string } };
type Entry = {
  name: string;
  version?: string;
  source?: { registry?: string; git?: string; directory?: string; editable?: string; virtual?: string };
  wheels?: File[];
  sdist?: File;
};

const MACHINES: Record<string, string> = { amd64: "x86_64", arm64: "aarch64" };

export function standIn(
  source: SourceText,
  { platform, pythonVersion, libc }: TargetEnvironment,
): readonly LockedPackage[] {
  const table = toml.parse(source.text) as unknown as { package?: Entry[]; packages?: Entry[] };
  const minor = pythonVersion.split(".")[1] ?? "";
  const machine = MACHINES[platform.architecture] ?? platform.architecture;
  const fits = (filename: string): boolean => {
    const [pythons = "", abi = "", platforms = ""] = filename
      .replace(/\.whl$/, "")
      .split("-")
      .slice(-3);
    const native = libc.kind === "glibc" ? "manylinux" : "musllinux";
    const abi3 = abi === "abi3" && Number(/cp3(\d+)/.exec(pythons)?.[1]) <= Number(minor);
    const python = pythons === `cp3${minor}` || abi3 || pythons.includes("py3");
    return python && (platforms === "any" || (platforms.includes(native) && platforms.includes(machine)));
  };
  return [...(table.package ?? []), ...(table.packages ?? [])].flatMap(
    ({ name, version, source: from, wheels, sdist }): readonly LockedPackage[] => {
      if (from?.virtual !== undefined || from?.editable !== undefined) return [];
      const toFile = (file: File) => ({
        url: file.url ?? "",
        filename: decodeURIComponent(file.name ?? (file.url ?? "").split("/").at(-1) ?? ""),
        sha256: file.hashes?.sha256 ?? (file.hash ?? "").replace("sha256:", ""),
        ...(file.size !== undefined && { size: file.size }),
      });
      const base = { name, ...(version !== undefined && { version }) };
      if (from?.git !== undefined) {
        const [url = "", commit = ""] = from.git.split("#");
        return [{ ...base, source: { kind: "git" as const, url: url.replace(/\?.*/, ""), commit } }];
      }
      if (from?.directory !== undefined) return [{ ...base, source: { kind: "local" as const, path: from.directory } }];
      const wheel = (wheels ?? []).map(toFile).find((file) => fits(file.filename));
      if (wheel !== undefined) return [{ ...base, source: { kind: "wheel" as const, ...wheel } }];
      return [{ ...base, source: { kind: "sdist" as const, ...toFile(sdist ?? {}) } }];
    },
  );
}

export function standInVersions(source: SourceText): ReadonlyMap<string, readonly string[]> {
  const table = toml.parse(source.text) as unknown as { package?: Entry[]; packages?: Entry[] };
  const found = new Map<string, readonly string[]>();
  for (const { name, version } of [...(table.package ?? []), ...(table.packages ?? [])]) {
    found.set(name, [...(found.get(name) ?? []), ...(version === undefined ? [] : [version])]);
  }
  return found;
}

export function standInRepositories(source: SourceText): readonly string[] {
  const table = toml.parse(source.text) as unknown as { package?: Entry[] };
  return (table.package ?? []).flatMap(({ source: from }) => (from?.git === undefined ? [] : [`git+${from.git}`]));
}
