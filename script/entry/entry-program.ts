import { IS_OPEN } from "../../src/bin/is-open.ts";
import { FIRST_BYTES } from "../../src/gateway/first-bytes.ts";
import { NEVER_ANSWERED } from "../../src/gateway/pending-calls.ts";
import { I386 } from "./386.ts";
import { AMD64 } from "./amd64.ts";
import { ARM } from "./arm.ts";
import { ARM64 } from "./arm64.ts";
import type { MachineCode } from "./machine-code.ts";

/** Where the program is in the image. */
export const ENTRY_PATH = "/microb/start";

/** What it starts: Node, with the loader of our bundles. */
const PATHS = { node: "/usr/local/bin/node", main: "/microb/main.cjs" };

/** By the names that Docker gives to architectures. */
const MACHINES: Readonly<Record<string, MachineCode>> = { amd64: AMD64, "386": I386, arm64: ARM64, arm: ARM };

/** BuildKit starts a frontend with this variable (`frontend/gateway/gateway.go`). */
const BUILD_VARIABLE = "BUILDKIT_SESSION_ID=";

/** What the code relies on: where the file is mapped, where in it the code begins, and the table. */
const [BASE, CODE, TABLE] = [0x400000, 0x80, 0x400];

/**
 * The program that the image starts, for an architecture by Docker's name. It needs no interpreter and no library, so it
 * runs within a millisecond, on a busy machine too:
 *
 * - In a build (`BUILDKIT_SESSION_ID` is set, and there are no arguments) it writes the first bytes of the connection,
 *   takes the rights of nobody (user and group 65532) if it has others, and starts Node. BuildKit waits ten seconds for
 *   the first bytes, and ignores the user that an image names. Where the rights cannot be given up, as in a user namespace
 *   without that user, it goes on with those it has. If nobody takes the bytes it says so and ends.
 * - Otherwise it starts Node with the arguments, as the user who asks.
 *
 * @throws Error for an architecture without such a program.
 */
export function entryProgram(architecture: string, { node, main } = PATHS): Buffer {
  const machine = MACHINES[architecture];
  if (machine === undefined) throw new Error(`there is no entry program for ${architecture}`);
  const code = Buffer.from(machine.code.map(([bytes]) => bytes).join(""), "hex");
  if (CODE + code.length > TABLE) throw new Error(`the entry program for ${architecture} is too long`);
  const data = tableFor(machine.wide, node, main);
  const file = Buffer.alloc(TABLE + data.length);
  header(machine, file.length).copy(file);
  code.copy(file, CODE);
  data.copy(file, TABLE);
  return file;
}

/** The words that the code reads by number, and behind them what they point at. */
function tableFor(wide: boolean, node: string, main: string): Buffer {
  const closed = `microb: ${NEVER_ANSWERED}\n`;
  const failed = `microb: ${node} could not be started\n`;
  const size = wide ? 8 : 4;
  /** Ten words, the set of the signal SIGPIPE as the kernel has it (8 bytes), four words of arguments. */
  const [mask, args, rest] = [10 * size, 10 * size + 8, 14 * size + 8];
  const chunks: Buffer[] = [];
  let end = rest;
  const place = (content: Buffer): number => {
    chunks.push(content);
    end += content.length;
    return BASE + TABLE + end - content.length;
  };
  const text = (value: string) => place(Buffer.from(`${value}\0`));
  const [nodeAt, mainAt, isOpenAt] = [text(node), text(main), text(IS_OPEN)];
  const words = [
    ...[text(BUILD_VARIABLE), place(FIRST_BYTES), FIRST_BYTES.length, nodeAt, mainAt, BASE + TABLE + args],
    ...[text(closed), closed.length, text(failed), failed.length],
  ];
  const table = Buffer.alloc(rest);
  for (const [index, value] of words.entries()) table.writeUInt32LE(value, index * size);
  table.writeUInt32LE(1 << 12, mask);
  for (const [index, value] of [nodeAt, mainAt, isOpenAt, 0].entries()) table.writeUInt32LE(value, args + index * size);
  return Buffer.concat([table, ...chunks]);
}

/** ELF's own header, and that of the only segment: all of the file, to be read and run. */
function header({ machine, wide, flags, align }: MachineCode, size: number): Buffer {
  const bytes = Buffer.alloc(CODE);
  const [start, segment] = wide ? [64, 56] : [52, 32];
  let at = 0;
  const short = (value: number) => {
    at = bytes.writeUInt16LE(value, at);
  };
  const half = (value: number) => {
    at = bytes.writeUInt32LE(value, at);
  };
  const word = (value: number) => {
    at = wide ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeUInt32LE(value, at);
  };
  at = Buffer.of(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1).copy(bytes) + 9;
  for (const value of [2, machine]) short(value);
  half(1);
  for (const value of [BASE + CODE, start, 0]) word(value);
  half(flags);
  for (const value of [start, segment, 1, wide ? 64 : 40, 0, 0]) short(value);
  const [load, readAndRun] = [1, 5];
  half(load);
  if (wide) half(readAndRun);
  for (const value of [0, BASE, BASE, size, size]) word(value);
  if (!wide) half(readAndRun);
  word(align);
  return bytes;
}
