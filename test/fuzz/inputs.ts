import type { Input } from "./build.ts";
import type { Corpus } from "./corpus.ts";
import { lockOf } from "./locks.ts";
import { mutated } from "./mutate.ts";
import { type Random, randomOf } from "./random.ts";
import { quoted, type Words, wordsOf } from "./words.ts";

/** What an input is mostly about. */
export type InputKind = "toml" | "requirement" | "lock";

/** A way to make an input. */
type Maker = (words: Words, random: Random, corpus: Corpus) => Input;

/** The input of a seed: the same for the same corpus. */
export function inputOf(seed: number, corpus: Corpus): Readonly<{ kind: InputKind; input: Input }> {
  const random = randomOf(seed);
  const [kind, make] = random.pick(MAKERS);
  return { kind, input: make(wordsOf(random), random, corpus) };
}

const TARGET_KEYS: Readonly<Record<string, (words: Words) => string>> = {
  python_version: ({ version }) => quoted(version()),
  flavor: () => '"alpine"',
  extras: ({ name }) => `[${quoted(name())}]`,
  env: ({ template }) => `{ A = ${quoted(template())}, B = ${quoted(template())} }`,
  labels: ({ text, template }) => `{ ${quoted(text())} = ${quoted(template())} }`,
  requirements: () => '"r.txt"',
  lock: ({ path }) => quoted(path()),
  copy_files: ({ path }) => `[{ src = ${quoted(path())}, dst = ${quoted(`/${path()}`)} }]`,
  add_files: ({ url, path }) => `[{ src = ${quoted(url())}, dst = ${quoted(`/${path()}`)} }]`,
  indices: ({ url }) => `[{ url = ${quoted(url())} }]`,
  index_mirrors: ({ url }) => `{ ${quoted(url())} = "https://h/" }`,
  entrypoint: ({ text }) => `[${quoted(text())}]`,
  install: () => '"source"',
  installer: () => '"uv"',
  slim: () => '["tests"]',
  groups: ({ name }) => `[${quoted(name())}]`,
  build_deps: ({ name }) => `[${quoted(name())}]`,
};

/** A build file as people write one; each part may be odd, or of another type. */
function buildFile(words: Words, { pick, oneIn, some }: Random): string {
  const maybe = (cases: number, text: () => string): string => (oneIn(cases) ? text() : "");
  const odd = (usual: string): string => (oneIn(40) ? words.value() : usual);
  const list = (make: () => string): string => odd(`[${some(4, () => quoted(make())).join(", ")}]`);
  const keys = some(3, () => pick(Object.keys(TARGET_KEYS)));
  const target = [...new Set(keys)].map((key) => `${key} = ${odd(TARGET_KEYS[key]?.(words) ?? "")}\n`).join("");
  const poetry = oneIn(5);
  return [
    poetry ? "[tool.poetry]\n" : "[project]\n",
    `name = ${odd(quoted(words.name()))}\nversion = ${odd(quoted(words.version()))}\n`,
    maybe(3, () => `requires-python = ${odd(quoted(words.specifier()))}\n`),
    maybe(5, () => `readme = ${odd(quoted(words.path()))}\n`),
    maybe(8, () => `dynamic = ${odd('["version", "dependencies"]')}\n`),
    poetry ? "" : `dependencies = ${list(words.requirement)}\n`,
    poetry
      ? `[tool.poetry.dependencies]\n${some(3, () => `${quoted(words.name())} = ${oneIn(2) ? quoted(words.specifier()) : words.value()}\n`).join("")}`
      : maybe(4, () => `[project.optional-dependencies]\na = ${list(words.requirement)}\nb = ["app[a,b]"]\n`),
    maybe(
      3,
      () =>
        `[build-system]\nrequires = ${list(words.requirement)}\n${maybe(2, () => `build-backend = ${odd('"hatchling.build"')}\n`)}`,
    ),
    maybe(
      6,
      () =>
        `[tool.uv.sources]\n${quoted(words.name())} = { ${pick(["git", "url", "path", "index"])} = ${quoted(words.url())}, marker = ${quoted(words.marker())} }\n`,
    ),
    maybe(
      6,
      () =>
        `[dependency-groups]\na = ${list(words.requirement)}\nb = [{ include-group = "a" }, { include-group = "b" }]\n`,
    ),
    maybe(10, () => `[[tool.uv.index]]\nurl = ${odd(quoted(words.url()))}\n`),
    maybe(
      10,
      () =>
        `[tool.${pick(["setuptools", "hatch", "pdm", "flit.metadata", "uv", "poetry"])}]\n${quoted(words.text())} = ${words.value()}\n`,
    ),
    oneIn(3) ? `[tool.microb.target.${oneIn(15) ? quoted(words.text()) : "default"}]\n${target}` : "",
  ].join("");
}

function line(words: Words, { pick }: Random): string {
  return pick([
    words.requirement,
    () => `-r ${words.path()}`,
    () => `-e ${words.path()}`,
    () => `./${words.path()} ; ${words.marker()}`,
    () => `${words.requirement()} --hash=sha256:${words.text()}`,
    () => `--extra-index-url ${words.url()}`,
    () => `# ${words.text()}`,
    () => `${words.requirement()} \\`,
  ])();
}

const fromRequirements = 'name = "app"\nversion = "1"\n[tool.microb.target.default]\nrequirements = "r.txt"\n';
const locked = '[project]\nname = "app"\nversion = "1"\ndependencies = ["b"]\n';

const MAKERS: readonly (readonly [InputKind, Maker])[] = [
  [
    "toml",
    (words, random) => ({ toml: buildFile(words, random), files: { "r.txt": words.requirement(), "README.md": "" } }),
  ],
  ["toml", (words, random) => ({ toml: mutated(buildFile(words, random), random, words) })],
  [
    "toml",
    (words, random, { buildFiles }) => ({ toml: mutated(random.pick(buildFiles).slice(0, 6000), random, words) }),
  ],
  [
    "toml",
    (words, random, { others }) => {
      const [name, text] = random.pick([
        ...others,
        ["setup.cfg", "[metadata]\nname = a\n[options]\npython_requires = >=3.9\n"],
        ["uv.toml", "no-build = true\n"],
      ] as const);
      const builds = random.oneIn(2) ? '[build-system]\nrequires = ["setuptools"]\n' : locked;
      return { toml: builds, files: { [name]: mutated(text, random, words), "src/app/__init__.py": "" } };
    },
  ],
  [
    "requirement",
    (words) => ({ toml: `[project]\nname = "app"\nversion = "1"\ndependencies = [${quoted(words.requirement())}]\n` }),
  ],
  [
    "requirement",
    (words, random) => ({
      toml: `[project]\n${fromRequirements}`,
      files: { "r.txt": random.some(6, () => line(words, random)).join(random.pick(["\n", "\r\n", "\r"])), a: "b" },
    }),
  ],
  [
    "requirement",
    (words, random, { requirements }) => ({
      toml: `[project]\n${fromRequirements}`,
      files: {
        "r.txt": mutated(
          random.pick([...requirements, "flask==1 \\\n  --hash=sha256:0\n"]).slice(0, 3000),
          random,
          words,
        ),
      },
    }),
  ],
  [
    "lock",
    (words, random) => {
      const format = random.pick(["uv.lock", "pylock.toml", "pdm.lock"] as const);
      const marker = `marker = ${quoted(words.marker())}`;
      const lock = lockOf(format, {
        python: random.oneIn(4) ? words.specifier().replace(/["\\\p{Cc}]/gu, "") : ">=3.8",
        edge: random.oneIn(2) ? `, ${marker}` : "",
        keys: random.oneIn(2) ? `${marker}\n` : "",
        version: random.oneIn(3) ? words.version().replace(/["\\\p{Cc}]/gu, "") : "1",
        url: random.oneIn(2) ? words.url().replace(/["\\\p{Cc}]/gu, "") : "https://h/b-1-py3-none-any.whl",
        ...(random.oneIn(4) && { source: words.value() }),
      });
      return { toml: locked, files: { [format]: lock } };
    },
  ],
  [
    "lock",
    (words, random) => {
      const format = random.pick(["uv.lock", "pylock.toml", "pdm.lock"] as const);
      return { toml: locked, files: { [format]: mutated(lockOf(format), random, words) } };
    },
  ],
  [
    "lock",
    (words, random, { locks }) => {
      const [name, [head = "", ...packages]] = random.pick(locks);
      const at = random.below(packages.length);
      const some = [
        ...packages.filter((one) => /source = \{ (?:editable|virtual) = "\."/.test(one)),
        ...packages.slice(at, at + 3),
      ];
      const toml = `[project]\nname = ${quoted(/^name = "(.*)"$/m.exec(some[0] ?? "")?.[1] ?? "app")}\nversion = "1"\n`;
      return { toml, files: { [name]: mutated((head + some.join("")).slice(0, 12_000), random, words) } };
    },
  ],
];
