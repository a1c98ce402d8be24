import { definesVersions, dynamicSymbols, readDynamic } from "./dynamic.ts";
import { type ElfFile, fields, readElf, SEGMENT, type Section } from "./elf-file.ts";

/**
 * Node's program without what our frontend never uses of it, and as it is if it is built in another way than expected:
 *
 * - names of the functions that it offers to native addons, which cannot be loaded then;
 * - tables for unwinding the stack on a C++ exception: Node is compiled without exceptions, nothing of it catches one,
 *   and one that is thrown ends the process with or without them;
 * - symbols for debuggers, section headers, and gaps in the file.
 *
 * Works on the bytes alone: for every machine on every machine. Names in `used` stay, those of the program's libraries.
 */
export function slimNode(program: Buffer, used: ReadonlySet<string>): Buffer {
  const copy = Buffer.from(program);
  const elf = readElf(copy);
  hideSymbols(elf, used);
  dropUnwindTables(elf);
  forgetSections(elf);
  return packed(readElf(copy));
}

const SECTION = { rela: 4, rel: 9 };
const UNWINDING = [".eh_frame_hdr", ".eh_frame", ".gcc_except_table"];
/** The largest pages with which a machine is run; arm64 has several. */
const PAGE = 0x1000;
const PAGE_ARM64 = 0x10000;

/** Overwrites symbols that nobody looks for, and their names, with zeros: nothing moves, and zeros compress well. */
function hideSymbols(elf: ElfFile, used: ReadonlySet<string>): void {
  const symbols = dynamicSymbols(elf);
  const section = elf.sections.find(({ name }) => name === ".dynsym");
  const names = elf.sections[section?.link ?? 0];
  if (section === undefined || names === undefined || definesVersions(elf)) return;
  const relocated = relocatedSymbols(elf);
  const hidden = symbols.map(
    ({ name, defined }, index) => index > 0 && defined && !used.has(name) && !relocated.has(index),
  );
  const kept = Buffer.alloc(names.size);
  const keep = (at: number) => {
    const end = elf.bytes.indexOf(0, names.offset + at);
    elf.bytes.copy(kept, at, names.offset + at, end);
  };
  for (const at of readDynamic(elf).names) keep(at);
  symbols.forEach(({ nameAt, at, size }, index) => {
    if (hidden[index]) elf.bytes.fill(0, at, at + size);
    else keep(nameAt);
  });
  kept.copy(elf.bytes, names.offset);
  forgetHashes(elf, hidden);
}

/** Symbols by number that the dynamic linker has to put into a place: imports, and variables shared with a library. */
function relocatedSymbols({ bytes, wide, sections }: ElfFile): ReadonlySet<number> {
  const { half, word } = fields(bytes, wide);
  const found = new Set<number>();
  const dynamic = sections.findIndex(({ name }) => name === ".dynsym");
  for (const { type, link, offset, size } of sections) {
    if (link !== dynamic || (type !== SECTION.rela && type !== SECTION.rel)) continue;
    const width = (type === SECTION.rela ? 3 : 2) * (wide ? 8 : 4);
    for (let at = offset; at < offset + size; at += width) found.add(wide ? half(at + 12) : word(at + 4) >>> 8);
  }
  return found;
}

/** In the table of hashes, the lowest bit ends a chain and stays; what is left matches no name. */
function forgetHashes({ bytes, wide, sections }: ElfFile, hidden: readonly boolean[]): void {
  const section = sections.find(({ name }) => name === ".gnu.hash");
  if (section === undefined) return;
  const { half } = fields(bytes, wide);
  const [buckets, first, bloom] = [half(section.offset), half(section.offset + 4), half(section.offset + 8)];
  const chains = section.offset + 16 + bloom * (wide ? 8 : 4) + buckets * 4;
  hidden.forEach((isHidden, index) => {
    const at = chains + (index - first) * 4;
    if (isHidden && index >= first) bytes.writeUInt32LE(half(at) & 1, at);
  });
}

/** Cuts those tables off the end of their segment. */
function dropUnwindTables(elf: ElfFile): void {
  const tables = elf.sections.filter(({ name }) => UNWINDING.includes(name));
  const start = Math.min(...tables.map(({ offset }) => offset));
  const end = Math.max(...tables.map(({ offset, size }) => offset + size));
  const segment = elf.segments.find(
    (one) => one.type === SEGMENT.load && one.offset < start && one.offset + one.size === end,
  );
  if (segment === undefined || segment.writable || !areTogether(elf.sections, tables, start, end)) return;
  writeWord(elf, segment.at + (elf.wide ? 32 : 16), start - segment.offset);
  writeWord(elf, segment.at + (elf.wide ? 40 : 20), start - segment.offset);
  const header = elf.segments.find(({ type }) => type === SEGMENT.unwindTable);
  if (header !== undefined) elf.bytes.fill(0, header.at, header.at + (elf.wide ? 56 : 32));
}

/** Nothing else lies between them. */
function areTogether(sections: readonly Section[], tables: readonly Section[], start: number, end: number): boolean {
  const inside = sections.filter(({ offset, size, type }) => type !== 0 && size > 0 && offset >= start && offset < end);
  return inside.length === tables.length;
}

function forgetSections(elf: ElfFile): void {
  writeWord(elf, elf.wide ? 40 : 32, 0);
  elf.bytes.fill(0, elf.wide ? 60 : 48, elf.wide ? 64 : 52);
}

/** The parts that are mapped one after the other, as close as pages allow. */
function packed(elf: ElfFile): Buffer {
  const { bytes, wide, machine, segments } = elf;
  const page = machine === 183 ? PAGE_ARM64 : PAGE;
  const parts = segments.filter(({ type, size }) => type === SEGMENT.load && size > 0);
  const chunks: Buffer[] = [];
  let length = 0;
  for (const part of [...parts].sort((one, other) => one.offset - other.offset)) {
    const padding = (((part.address - length) % page) + page) % page;
    const moved = part.offset - (length + padding);
    const inside = segments.filter(({ offset }) => offset >= part.offset && offset < part.offset + part.size);
    for (const { at, offset } of inside) writeWord(elf, at + (wide ? 8 : 4), offset - moved);
    if (part.align > page) writeWord(elf, part.at + (wide ? 48 : 28), page);
    chunks.push(Buffer.alloc(padding), bytes.subarray(part.offset, part.offset + part.size));
    length += padding + part.size;
  }
  return Buffer.concat(chunks);
}

function writeWord({ bytes, wide }: ElfFile, at: number, value: number): void {
  if (wide) bytes.writeBigUInt64LE(BigInt(value), at);
  else bytes.writeUInt32LE(value, at);
}
