import { basename } from "node:path";
import { type Dynamic, readDynamic } from "../elf/dynamic.ts";
import { architectureOf, isElf, readElf } from "../elf/elf-file.ts";
import { slimNode } from "../elf/slim-node.ts";
import type { RootTree } from "./root-tree.ts";

/** A file of the image: its path, where it comes from in the base, and what is in it. */
export type ImageFile = Readonly<{ path: string; from: string; bytes: Buffer; executable: boolean }>;

/** Node and all that it loads. */
export type NodeFiles = Readonly<{ architecture: string; files: readonly ImageFile[] }>;

const PROGRAMS = ["/usr/local/bin/node", "/usr/bin/node", "/usr/bin/nodejs"];
const TRIPLETS: Readonly<Record<string, readonly string[]>> = {
  amd64: ["x86_64-linux-gnu"],
  arm64: ["aarch64-linux-gnu"],
  arm: ["arm-linux-gnueabihf", "arm-linux-gnueabi"],
  "386": ["i386-linux-gnu"],
};

/**
 * Finds Node in a base image, the libraries that it and they are linked with, and the scripts that a distribution keeps
 * outside of it. Nothing is run: the base may be that of another machine.
 * @throws Error when there is no Node or a library is missing.
 */
export function nodeFiles(base: RootTree): NodeFiles {
  const program = PROGRAMS.find((path) => base.resolve(path) !== undefined);
  if (program === undefined) throw new Error(`the base image has none of ${PROGRAMS.join(", ")}`);
  const bytes = base.read(program);
  const elf = readElf(bytes);
  const architecture = architectureOf(elf);
  const dynamic = readDynamic(elf);
  const libraries = findLibraries(base, dynamic, directories(architecture));
  const symbols = new Set([...libraries.values()].flatMap((library) => [...library.dynamic.symbols]));
  const slim = slimNode(bytes, symbols);
  const file = (path: string, content: Buffer, executable: boolean): ImageFile => ({
    path,
    from: path,
    bytes: content,
    executable,
  });
  const loaded = [...libraries].map(([path, library]) => file(path, library.bytes, true));
  const scripts = scriptsOf(base, [bytes, ...loaded.map((one) => one.bytes)]);
  return {
    architecture,
    files: [
      { ...file("/usr/local/bin/node", slim, true), from: program },
      ...loaded,
      ...scripts.map((path) => file(path, base.read(path), false)),
    ],
  };
}

/** Where the dynamic linker looks without a cache of its own. */
function directories(architecture: string): readonly string[] {
  const triplets = TRIPLETS[architecture] ?? [];
  return [...triplets.flatMap((triplet) => [`/lib/${triplet}`, `/usr/lib/${triplet}`]), "/lib64", "/lib", "/usr/lib"];
}

type Library = Readonly<{ bytes: Buffer; dynamic: Dynamic }>;

function findLibraries(base: RootTree, program: Dynamic, places: readonly string[]): ReadonlyMap<string, Library> {
  const found = new Map<string, Library>();
  const names = new Set<string>();
  const load = (path: string) => {
    const bytes = base.read(path);
    const dynamic = readDynamic(readElf(bytes));
    found.set(path, { bytes, dynamic });
    names.add(basename(path));
    for (const name of dynamic.needed) need(name, dynamic.paths);
  };
  const need = (name: string, own: readonly string[]) => {
    if (names.has(name)) return;
    const path = [...own, ...places].map((place) => `${place}/${name}`).find((one) => base.resolve(one) !== undefined);
    if (path === undefined) throw new Error(`the base image has no ${name} in ${places.join(", ")}`);
    load(path);
  };
  const { interpreter } = program;
  if (interpreter !== undefined && base.resolve(interpreter) === undefined) {
    throw new Error(`the base image has no ${interpreter}`);
  }
  if (interpreter !== undefined) load(interpreter);
  for (const name of program.needed) need(name, program.paths);
  return found;
}

/** Debian's Node reads some of its own modules from files, whose names are in the program. */
function scriptsOf(base: RootTree, programs: readonly Buffer[]): readonly string[] {
  const names = programs.filter(isElf).flatMap((bytes) => {
    const found: string[] = [];
    for (let at = bytes.indexOf("/usr/share/nodejs/"); at >= 0; at = bytes.indexOf("/usr/share/nodejs/", at + 1)) {
      found.push(bytes.toString("latin1", at, bytes.indexOf(0, at)));
    }
    return found;
  });
  return [...new Set(names)].filter((path) => path.endsWith(".js") && base.resolve(path) !== undefined).sort();
}
