import type { SourceText } from "../diagnostic/source-text.ts";

/** What a file is if it is not the TOML of a build file, and what to do. */
export type OtherFile = Readonly<{ what: string; help: string }>;

/**
 * Recognizes a text whose encoding no tool accepts for a build file (TOML is UTF-8; Python's `tomllib` and its like refuse
 * a byte order mark). Undefined for any other text.
 */
export function otherEncoding({ text, filename }: SourceText): OtherFile | undefined {
  // UTF-16 that was read as UTF-8: its mark is two bytes that are none, and every other byte is zero.
  if (/^(?:\uFFFD\uFFFD|\uFEFF?.\0.\0|\0.\0.)/s.test(text)) {
    return {
      what: "text in UTF-16, but TOML must be UTF-8",
      help: `save ${filename} as UTF-8 without a byte order mark`,
    };
  }
  if (!text.startsWith("\uFEFF")) return undefined;
  return {
    what: "UTF-8 with a byte order mark, which the tools that build the project refuse",
    help: `save ${filename} without it: sed -i '1s/^\\xef\\xbb\\xbf//' ${filename}`,
  };
}

const NAME_IT = "microb builds from a pyproject.toml: name it with -f";

/** Formats that are given by mistake: by the name of the file, or by a line that no TOML has. */
const FORMATS: readonly (readonly [what: string, name: RegExp, line: RegExp, help: string])[] = [
  [
    "a Python script, not a pyproject.toml",
    /\.pyw?$/i,
    /^#!.*\bpython|^(?:import|from)[ \t]+[\w.]+(?:[ \t]+(?:import|as)\b.*|,.*)?$|^(?:async[ \t]+)?(?:def|class)[ \t]+\w.*:/m,
    `${NAME_IT}; a script needs one next to it, with its dependencies and entrypoint = ["python", "NAME.py"]`,
  ],
  ["a Dockerfile, not a pyproject.toml", /(?!)/, /^FROM[ \t]+\S+(?:[ \t]+AS[ \t]+\S+)?$/im, NAME_IT],
  ["JSON, not a pyproject.toml", /\.json$/i, /^\s*\{\s*(?:"[^"\n]*"\s*:|\})/, NAME_IT],
  ["YAML, not a pyproject.toml", /\.ya?ml$/i, /^(?:---|(?:services|version|jobs):(?:[ \t].*)?)$/m, NAME_IT],
  [
    "a requirements file, not a pyproject.toml",
    /requirements[^/]*\.(?:txt|in)$/i,
    /^(?:-r|-c|-e|--[a-z-]+)[ \t=]|^[A-Za-z][\w.-]*(?:\[[\w,-]*\])?[ \t]*(?:[=~!]=|[<>]=?)[ \t]*\d[\w.*]*[ \t]*$/m,
    `${NAME_IT}; in it, write requirements = "requirements.txt"`,
  ],
  ["an INI file, not a pyproject.toml", /\.(?:cfg|ini)$/i, /(?!)/, NAME_IT],
];

/** Recognizes the format of a text that is not TOML. Undefined if it is not clear. */
export function otherFormat({ text, filename }: SourceText): OtherFile | undefined {
  const byName = FORMATS.find(([, name]) => name.test(filename));
  const found =
    byName ??
    (/\.toml$/i.test(filename) && /^[ \t]*\[/m.test(text) ? undefined : FORMATS.find(([, , line]) => line.test(text)));
  return found && { what: found[0], help: found[3] };
}
