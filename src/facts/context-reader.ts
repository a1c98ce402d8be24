/** Reads files of a build context: a BuildKit reference, a directory, or a map in tests. */
export interface ContextReader {
  /** The text of a file, or undefined when there is none. Paths are relative to the root of the context. */
  readText(path: string): Promise<string | undefined>;
}
