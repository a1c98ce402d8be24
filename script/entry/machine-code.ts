/**
 * A program for one kind of machine. Each instruction has its bytes, and what they mean in the language of GNU's assembler;
 * `test/unit/entry/entry-program.test.ts` compares the two where it finds that assembler.
 *
 * All of them do the same (`entry-program.ts` says what) and know one address, that of the table of strings.
 */
export type MachineCode = Readonly<{
  /** Numbers of the ELF header: machine, width of an address, flags, size of a page. */
  machine: number;
  wide: boolean;
  flags: number;
  align: number;
  code: readonly (readonly [bytes: string, meaning: string])[];
}>;
