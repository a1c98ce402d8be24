/** A piece of POSIX shell text that is already safe to be read by a shell. */
export type ShellText = string & { readonly shell: unique symbol };

/** Words that a POSIX shell takes literally without quotes. The leading character can start no option or expansion. */
const PLAIN_WORD = /^[A-Za-z0-9_./:@%+,=-]+$/;

/**
 * One value as one shell word (POSIX.1-2017 XCU 2.2): whatever it holds, a shell hands it on unchanged.
 * @throws RangeError for a NUL byte, which no argument vector can carry.
 */
export function shellQuote(value: string): ShellText {
  if (value.includes("\0")) throw new RangeError("a NUL byte cannot be passed to a program");
  if (PLAIN_WORD.test(value)) return value as ShellText;
  return `'${value.replaceAll("'", `'\\''`)}'` as ShellText;
}

/**
 * Shell text from a template: the literal parts are code of ours, every interpolated value becomes quoted words
 * (an array one word for each element), and interpolated shell text is taken as it is.
 */
export function sh(
  literals: TemplateStringsArray,
  ...values: readonly (string | readonly string[] | Raw)[]
): ShellText {
  const quoted = values.map((value) => {
    if (typeof value === "string") return shellQuote(value);
    if (isRaw(value)) return value.text;
    return value.map(shellQuote).join(" ");
  });
  return literals.reduce((text, literal, index) => `${text}${quoted[index - 1] ?? ""}${literal}`) as ShellText;
}

/** Marks shell text so that `sh` does not quote it a second time. */
export type Raw = Readonly<{ kind: "raw"; text: ShellText }>;

/** Interpolates text that `sh` or `shellQuote` made. */
export function raw(text: ShellText): Raw {
  return { kind: "raw", text };
}

function isRaw(value: readonly string[] | Raw): value is Raw {
  return "kind" in value;
}

/** One word as it is, several as lines of one command: shells and Dockerfiles join lines that end with a backslash. */
export function shellLines(words: readonly string[]): ShellText {
  const separator = " \\\n        ";
  const text = words.map(shellQuote).join(separator);
  return (words.length > 1 ? separator.trimStart() + text : text) as ShellText;
}
