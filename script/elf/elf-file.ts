/** What is read of a program or library of Linux, little endian, of 32 or 64 bits. Numbers are those of the ELF specification. */
export type ElfFile = Readonly<{
  bytes: Buffer;
  wide: boolean;
  machine: number;
  segments: readonly Segment[];
  /** None in a file that was stripped of its section headers. */
  sections: readonly Section[];
}>;

/** A part of the file that is mapped when the program starts; `at` is where its header is. */
export type Segment = Readonly<{
  at: number;
  type: number;
  writable: boolean;
  offset: number;
  address: number;
  size: number;
  align: number;
}>;

export type Section = Readonly<{ name: string; type: number; offset: number; size: number; link: number }>;

export const SEGMENT = { load: 1, dynamic: 2, interpreter: 3, unwindTable: 0x6474e550 } as const;

const MACHINES: Readonly<Record<number, string>> = { 3: "386", 40: "arm", 62: "amd64", 183: "arm64" };
const MAGIC = 0x7f454c46;

/** A cursor's worth of fixed-size fields: `word` is an address, as wide as those of the file. */
export function fields(bytes: Buffer, wide: boolean) {
  const word = (at: number) => (wide ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at));
  return { word, half: (at: number) => bytes.readUInt32LE(at), short: (at: number) => bytes.readUInt16LE(at) };
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length > 64 && bytes.readUInt32BE(0) === MAGIC;
}

/** What Docker calls the machine that a file is for. */
export function architectureOf({ machine }: ElfFile): string {
  return MACHINES[machine] ?? `machine ${machine}`;
}

/** @throws Error when it is no ELF file or one of a big-endian machine. */
export function readElf(bytes: Buffer): ElfFile {
  if (!isElf(bytes) || bytes[5] !== 1) throw new Error("not a little-endian ELF file");
  const wide = bytes[4] === 2;
  const { word, short } = fields(bytes, wide);
  const table = (start: number, size: number, count: number) =>
    Array.from({ length: start === 0 ? 0 : count }, (_, index) => start + index * size);
  const segments = wide
    ? table(word(32), short(54), short(56)).map((at) => readSegment(bytes, at, wide))
    : table(word(28), short(42), short(44)).map((at) => readSegment(bytes, at, wide));
  const headers = wide ? table(word(40), short(58), short(60)) : table(word(32), short(46), short(48));
  const names = headers[short(wide ? 62 : 50)];
  const sections = headers.map((at) => readSection(bytes, at, wide, names));
  return { bytes, wide, machine: short(18), segments, sections };
}

function readSegment(bytes: Buffer, at: number, wide: boolean): Segment {
  const { word, half } = fields(bytes, wide);
  const [flags, offset, address, size, align] = wide ? [4, 8, 16, 32, 48] : [24, 4, 8, 16, 28];
  return {
    at,
    type: half(at),
    writable: (half(at + flags) & 2) !== 0,
    offset: word(at + offset),
    address: word(at + address),
    size: word(at + size),
    align: word(at + align),
  };
}

function readSection(bytes: Buffer, at: number, wide: boolean, names: number | undefined): Section {
  const { word, half } = fields(bytes, wide);
  const [offset, size, link] = wide ? [24, 32, 40] : [16, 20, 24];
  const start = names === undefined ? 0 : word(names + offset) + half(at);
  return {
    name: names === undefined ? "" : cString(bytes, start),
    type: half(at + 4),
    offset: word(at + offset),
    size: word(at + size),
    link: half(at + link),
  };
}

/** The text that begins at a place and ends with NUL. */
export function cString(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}

/** Where in the file something is that the program finds at an address. */
export function fileOffset({ segments }: ElfFile, address: number): number {
  const segment = segments.find(
    (one) => one.type === SEGMENT.load && one.address <= address && address < one.address + one.size,
  );
  if (segment === undefined) throw new Error(`nothing of the file is at the address ${address.toString(16)}`);
  return address - segment.address + segment.offset;
}
