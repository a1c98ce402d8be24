import { HOSTILE } from "../support/hostile.ts";
import type { Random } from "./random.ts";

/** Texts that mean something to one of the readers, and those that once were a problem to one. */
const ODD: readonly string[] = [
  ...HOSTILE,
  ...["", " ", "\t", "\0", "\u007f", "\ufeff", "\u2028", "é", "😀", "\ud800", "__proto__", "constructor", "toString"],
  ...[
    "..",
    "../..",
    "/",
    "//",
    ".",
    "*",
    "**/",
    "a/../../b",
    "~",
    "[",
    "]",
    "[a-",
    "{",
    "}",
    "{{",
    "{%",
    "(",
    ")",
    "(((",
  ],
  ...[
    "$",
    "${",
    "${A",
    "${A:-",
    "${A:?x}",
    "$$",
    "\\",
    "\\n",
    '"',
    "'",
    '"""',
    "'''",
    "#",
    ";",
    ",",
    "=",
    "@",
    ":",
    "://",
  ],
  ...[
    "https://u:p@h/",
    "file:",
    "file:///",
    "git+ssh://git@h/x",
    "ssh://-o/x",
    "<<<<<<< ",
    "1e400",
    "-0",
    "nan",
    "inf",
  ],
  ...[
    "9".repeat(30),
    "0x",
    "1_0",
    "1979-05-27T07:32:00Z",
    "3.*",
    ">=3.*",
    "===",
    "===\0",
    "~=3",
    "!=",
    "1!1",
    "1.0+a-b",
  ],
  ...[
    "not in",
    "in",
    "and",
    "or",
    "extra",
    "platform_release",
    "'x' == 'y'",
    "-r",
    "-e .",
    "--hash=",
    "-c a",
    "a\\\nb",
  ],
];

const NAMES = ["flask", "a", "b", "app", "A_b.c", "x--y", "zope.interface", "-a", "a-", "ruamel_yaml", "B"] as const;
const VERSIONS = [
  "1",
  "1.0",
  "2.0.1",
  "0",
  "1.0rc1",
  "1.0.post1",
  "1.dev0",
  "v1",
  "1!2",
  "1.*",
  "1.0+x.y",
  "3.12",
  "x",
] as const;
const OPERATORS = ["==", ">=", "<=", "<", ">", "!=", "~=", "===", "=", "^", "~", ""] as const;
const VARIABLES = [
  ...["python_version", "python_full_version", "sys_platform", "os_name", "platform_machine", "extra", "extras"],
  ...["platform_release", "implementation_name", "dependency_groups", "os.name", "platform_system", "nothing"],
] as const;
const LITERALS = ["3.9", "linux", "win32", "posix", "x86_64", "a", "3.13.5", "cpython", "Linux", ""] as const;

/** Writers of the pieces that files are made of; each may write something odd. */
export type Words = Readonly<{
  name: () => string;
  version: () => string;
  specifier: () => string;
  marker: (depth?: number) => string;
  requirement: () => string;
  url: () => string;
  path: () => string;
  /** Anything. */
  text: () => string;
  /** A value of TOML. */
  value: (depth?: number) => string;
  template: () => string;
}>;

/** A text in quotes, as TOML has it. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll("\u007f", "\\u007F")
    .replace(/\\ud[89a-f]../g, "?");
}

/** The pieces that some choices lead to. */
export function wordsOf(random: Random): Words {
  const { pick, oneIn, some, below } = random;
  const odd = (): string => {
    const text = pick(ODD);
    return oneIn(12) ? text.repeat(1 + below(oneIn(10) ? 20_000 : 60)).slice(0, 40_000) : text;
  };
  const or = (usual: () => string) => (): string => (oneIn(15) ? odd() : usual());
  const words: Words = {
    name: or(() => pick(NAMES)),
    version: or(() => pick(VERSIONS)),
    specifier: or(() =>
      some(3, () => pick(OPERATORS) + pick(["", " "]) + words.version()).join(pick([",", " , ", ",,"])),
    ),
    marker: (depth = 0) => {
      if (oneIn(20)) return odd();
      const term = (): string => {
        if (depth < 4 && oneIn(4)) return `(${words.marker(depth + 1)})`;
        const [one, other] = [pick(VARIABLES), quotedOnce(oneIn(10) ? odd() : pick(LITERALS))];
        const operator = pick([...OPERATORS, "in", "not in"]);
        return oneIn(2) ? `${one} ${operator} ${other}` : `${other} ${operator} ${one}`;
      };
      return [term(), ...some(depth === 0 && oneIn(200) ? 3000 : 3, () => `${pick(["and", "or"])} ${term()}`)].join(
        " ",
      );
    },
    requirement: or(() => {
      const extras = oneIn(3) ? `[${some(3, words.name).join(",")}]` : "";
      const what = oneIn(4) ? ` @ ${words.url()}` : words.specifier();
      return `${words.name()}${extras}${what}${oneIn(3) ? `${pick(["; ", " ; ", ";"])}${words.marker()}` : ""}`;
    }),
    url: or(() => {
      const file = `${words.name()}-${words.version()}-${pick(["py3-none-any", "cp313-cp313-manylinux_2_17_x86_64", "a.b-c.d-e.f"])}.whl`;
      return `${pick(["https://h/", "http://h:8080/", "git+https://h/x.git@", "file:///", "./", "ssh://git@h/"])}${file}`;
    }),
    path: or(() => some(4, () => pick(["a", "src", "..", ".", "*", "**", "app", "README.md"])).join("/")),
    text: () => pick([odd, words.name, words.version, words.requirement, words.path, words.url, words.template])(),
    value: (depth = 0) => {
      const kind = below(depth > 3 ? 5 : 8);
      if (kind < 3) return quoted(words.text());
      if (kind === 3)
        return pick(["true", "false", "1", "-1", "1.5", "inf", "1979-05-27", "07:32:00", "0xff", "9".repeat(25)]);
      if (kind === 4) return oneIn(4) ? odd() : `'${words.name()}'`;
      if (kind < 7) return `[${some(4, () => words.value(depth + 1)).join(", ")}]`;
      return `{ ${some(3, () => `${quoted(words.text())} = ${words.value(depth + 1)}`).join(", ")} }`;
    },
    template: or(() => some(4, () => pick(["$A", "${A}", "${A:-b}", "${B:+$C}", "a", "$", "}", "${A:?no}"])).join("")),
  };
  return words;
}

function quotedOnce(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
