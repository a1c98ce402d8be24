/** A text file as it was read: the name that its reader knows it by, and its content without a byte order mark. */
export type SourceText = Readonly<{ filename: string; text: string }>;

/** A {@link SourceText} from raw text; drops a leading byte order mark, which TOML parsers stumble over. */
export function sourceText(filename: string, text: string): SourceText {
  return { filename, text: text.startsWith("\uFEFF") ? text.slice(1) : text };
}
