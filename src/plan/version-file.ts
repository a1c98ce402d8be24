import { atSpan, type Diagnostic, type Place } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";

/** The version that a `.python-version` file asks for, or what is wrong with it. */
export type VersionFile =
  | Readonly<{ kind: "version"; version: string; place: Place }>
  | Readonly<{ kind: "problem"; problem: Diagnostic }>;

/**
 * The first version of a `.python-version` file, as pyenv and uv read it: comments and further lines may surround it,
 * and a build of CPython is its version. Undefined for a file without any.
 */
export function readVersionFile(source: SourceText): VersionFile | undefined {
  for (const [index, line] of source.text.split(/\r\n|\r|\n/).entries()) {
    const [text = ""] = /^(?:[<>=!~^].*|\S+)/.exec(line.replace(/#.*/, "").trim()) ?? [];
    if (text === "") continue;
    const place = atSpan(source, { line: index + 1, column: line.indexOf(text) + 1, length: text.length });
    const version = VERSION.exec(text)?.[1];
    if (version !== undefined) return { kind: "version", version, place };
    const message = `"${text}" cannot be used: ${REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? NO_VERSION}`;
    const help = `write a version such as 3.13 into ${source.filename}, or set python_version`;
    return { kind: "problem", problem: { code: "python.version-file", message, place, help } };
  }
  return undefined;
}

/** A version, alone or in the name of a build of CPython: `cpython-3.12.6-linux-x86_64-gnu`. */
const VERSION =
  /^(?:cpython[-@]?|python[-@]?)?(3(?:\.(?:0|[1-9]\d*)){0,2})(?:-(?:linux|macos|windows|any)(?:-[\w.]+)*)?$/i;

const NO_VERSION = "it is not a version of Python 3";

/** Other contents of such files, and why they cannot be used; the first match is reported. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:(?:cpython|python)[-@]?)?3\.\d+(?:\.\d+)?(?:t\b|\+freethreaded)/i,
    "the official images have no free-threaded build",
  ],
  [
    /^(?:(?:cpython|python)[-@]?)?3\.\d+(?:\.\d+)?(?:\.?(?:a|b|rc)\d+|-?dev)\b/i,
    "it is not a release, and microb uses releases only",
  ],
  [
    /^(?:(?:cpython|python)[-@]?)?(?:3|\d+\.(?:\d+\.)?)?0\d/i,
    "a number in it begins with 0, and neither pyenv nor the official images have such a version",
  ],
  [/^[<>=!~^]|[,*]/, "it is a range, and this file must have one version; ranges belong in requires-python"],
  [/^system$/i, "it names no version: it means the Python of the machine"],
  [/^(?:latest|.*:latest|default|any)$/i, "it is not a version: its meaning changes with each release"],
  [/^[\\/.~]|[\\/]|^[a-z]:/i, "it is a path on a machine, not a version"],
  [
    /^(?:pypy|pp\d|graal|jython|micropython|stackless|ironpython|cinder|pyston|rustpython|nogil|activepython|.*conda|.*forge)/i,
    "microb uses the official images of CPython only",
  ],
  [/^(?!c?python)[a-z]/i, "it is not a version; it may be the name of a virtual environment of pyenv"],
];
