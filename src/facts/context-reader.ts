/** Reads files of a build context: a BuildKit reference, a directory, or a map in tests. Paths are relative to its root. */
export interface ContextReader {
  /** The text of a file, or undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** The bytes of a file whose encoding is not known, or undefined when there is none. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** What is at a path; links are followed. Nothing is read. */
  kindOf(path: string): Promise<"file" | "directory" | undefined>;
}
