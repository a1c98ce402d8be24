import { cString, type ElfFile, fields, fileOffset, SEGMENT } from "./elf-file.ts";

/** What a program or library asks the dynamic linker for. */
export type Dynamic = Readonly<{
  interpreter?: string;
  needed: readonly string[];
  /** Where it says that its libraries are. */
  paths: readonly string[];
  /** Names of the symbols that it offers or looks for. */
  symbols: ReadonlySet<string>;
  /** Places of all names in use other than the symbols', as offsets in the table of names. */
  names: readonly number[];
}>;

const TAG = { needed: 1, names: 5, soname: 14, rpath: 15, runpath: 29, needs: 0x6ffffffe, defines: 0x6ffffffc };
const NAME_TAGS = [TAG.needed, TAG.soname, TAG.rpath, TAG.runpath];

/** Reads it; a program that is linked statically needs nothing. */
export function readDynamic(elf: ElfFile): Dynamic {
  const { bytes, segments } = elf;
  const interpreter = segments.find(({ type }) => type === SEGMENT.interpreter);
  const tags = dynamicTags(elf);
  const names = tags.find(([tag]) => tag === TAG.names)?.[1];
  if (names === undefined) return { needed: [], paths: [], symbols: new Set(), names: [] };
  const table = fileOffset(elf, names);
  const text = (tag: number) => tags.filter(([one]) => one === tag).map(([, value]) => cString(bytes, table + value));
  return {
    ...(interpreter !== undefined && { interpreter: cString(bytes, interpreter.offset) }),
    needed: text(TAG.needed),
    paths: [...text(TAG.rpath), ...text(TAG.runpath)].flatMap((list) => list.split(":")),
    symbols: new Set(dynamicSymbols(elf).map(({ name }) => name)),
    names: [...tags.filter(([tag]) => NAME_TAGS.includes(tag)).map(([, value]) => value), ...versionNames(elf, tags)],
  };
}

/** The program defines versions of its symbols, as libraries do. */
export function definesVersions(elf: ElfFile): boolean {
  return dynamicTags(elf).some(([tag]) => tag === TAG.defines);
}

type Tags = readonly (readonly [tag: number, value: number])[];

function dynamicTags({ bytes, wide, segments }: ElfFile): Tags {
  const { word } = fields(bytes, wide);
  const segment = segments.find(({ type }) => type === SEGMENT.dynamic);
  const size = wide ? 8 : 4;
  return Array.from({ length: (segment?.size ?? 0) / size / 2 }, (_, index) => {
    const at = (segment?.offset ?? 0) + index * size * 2;
    return [word(at), word(at + size)] as const;
  });
}

/** A symbol for the dynamic linker: where it is in the file, where its name is in the table of names. */
export type DynamicSymbol = Readonly<{ at: number; size: number; name: string; nameAt: number; defined: boolean }>;

/** Those of the section that holds them; without section headers nobody knows how many there are. */
export function dynamicSymbols({ bytes, wide, sections }: ElfFile): readonly DynamicSymbol[] {
  const section = sections.find(({ name }) => name === ".dynsym");
  const names = sections[section?.link ?? 0];
  if (section === undefined || names === undefined) return [];
  const { half, short } = fields(bytes, wide);
  const size = wide ? 24 : 16;
  return Array.from({ length: section.size / size }, (_, index) => {
    const at = section.offset + index * size;
    const nameAt = half(at);
    const defined = short(at + (wide ? 6 : 14)) !== 0;
    return { at, size, name: cString(bytes, names.offset + nameAt), nameAt, defined };
  });
}

/** Names of the libraries, and of their versions, that symbols are asked from. */
function versionNames(elf: ElfFile, tags: Tags): readonly number[] {
  const { half, short } = fields(elf.bytes, elf.wide);
  const found: number[] = [];
  const address = tags.find(([tag]) => tag === TAG.needs)?.[1];
  if (address === undefined) return found;
  for (let at = fileOffset(elf, address), next = 1; next !== 0; at += next) {
    found.push(half(at + 4));
    for (let entry = at + half(at + 8), count = short(at + 2); count > 0; count--) {
      found.push(half(entry + 8));
      entry += half(entry + 12);
    }
    next = half(at + 12);
  }
  return found;
}
