import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { EXPLAIN_SCRIPT } from "../../../src/install/scripts.generated.ts";
import { MASK } from "../../../src/plan/pip-functions.ts";
import { maskText, shorten, withoutCredentials } from "../../../src/util/mask.ts";

/** Texts, and what is shown of each; `*` stands for any number of asterisks, which programs write differently. */
const SHOWN: Readonly<Record<string, string>> = {
  "https://ann:s3cret@host/simple": "https://*@host/simple",
  "a password with @: https://ann:p@ss@host/simple": "a password with @: https://*@host/simple",
  "https://ann:p@s.s@host.example/x@v1": "https://*@host.example/x@v1",
  "https://ann:p@ss/w@rd@host/simple": "https://*@host/simple",
  "https://ann:p/w?x#y@host/simple": "https://*@host/simple",
  'https://ann:p"w@host/simple': "https://*@host/simple",
  "https://ann:p'w x@host/simple": "https://*@host/simple",
  "https://:t0ken@host/simple": "https://*@host/simple",
  "https://t0ken:@host/simple": "https://*@host/simple",
  "https://ann@corp:pw@host.example/": "https://*@host.example/",
  "--index-url=//ann:s3cret@host/simple": "--index-url=//*@host/simple",
  "(//ann:s3cret@host/simple)": "(//*@host/simple)",
  "git+https://t0ken@git.example/x@v1": "git+https://*@git.example/x@v1",
  "git+ssh://git@git.example/x@v1": "git+ssh://git@git.example/x@v1",
  "https://host:8443/x@v1": "https://host:8443/x@v1",
  "https://[::1]:8443/x@v1": "https://[::1]:8443/x@v1",
  "docker-image://python:3.13@sha256:0000": "docker-image://python:3.13@sha256:0000",
  "write me@example.org": "write me@example.org",
  "https://a:b@h.example/, https://c:d@h.example/": "https://*@h.example/, https://*@h.example/",
  "401 Basic YW5uOnMzY3JldA== for https://h/": "401 Basic * for https://h/",
  "Authorization: Bearer abc.def-123_456~": "Authorization: Bearer *",
  "Basic authentication failed": "Basic authentication failed",
};

/** What only we print: others say it of URLs that we refuse. */
const PARAMETERS: Readonly<Record<string, string>> = {
  "https://h/f?token=s3cret&x=1": "https://h/f?token=*&x=1",
  "https://h/f?x=1&X-Amz-Signature=s3cret": "https://h/f?x=1&X-Amz-Signature=*",
};

const shownBy = (text: string): string => text.replace(/\*+/g, "*");

test.each(Object.entries({ ...SHOWN, ...PARAMETERS }))("%s", (text, shown) => {
  expect(shownBy(maskText(text))).toBe(shown);
  expect(maskText(text)).toHaveLength(text.length);
  expect(maskText(maskText(text))).toBe(maskText(text));
});

test("whatever user name and password a URL has, neither is shown", () => {
  const part = fc
    .string({ unit: fc.constantFrom(...`ab/?#@:'" <>%$\\[]{}é`), minLength: 1, maxLength: 12 })
    .map((text) => `S3${text}T9`);
  const host = fc.constantFrom("host.example", "localhost:3141", "index", "[::1]:80", "10.0.0.1");
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z.+@]{1,8}$/), part, host, (user, password, where) => {
      // What an unencoded slash makes look like a host is one to every program, and the password is then a path.
      fc.pre(!/@(?:[\w-]+\.[\w-]|localhost|[\w-]+:\d)/.test(password));
      const shown = maskText(`x @ https://${user}:${password}@${where}/simple and more`);
      expect(shown).not.toContain("S3");
      expect(shown).not.toContain("T9");
      expect(shown).toContain(`${where}/simple and more`);
    }),
    { numRuns: 2000 },
  );
});

test("a text is masked before it is cut", () => {
  const url = `https://ann:${"s3cret".repeat(40)}@host/`;
  expect(shorten(url)).toMatch(/^https:\/\/\*{72}…$/);
  expect(shorten("short")).toBe("short");
});

test.each([
  ["https://ann:p@ss@host.example/x@v1", "https://host.example/x@v1"],
  ["git+https://t0ken@host/x", "git+https://host/x"],
  ["https://host/a@b", "https://host/a@b"],
])("%s without credentials", (url, rest) => {
  expect(withoutCredentials(url)).toBe(rest);
});

test("takes no time for what never ends", () => {
  const started = performance.now();
  for (const one of ["://a:", "://", "//a@", "?token=", "?a-key_", "//@a.", "Basic "]) {
    maskText(`${one.repeat(100_000)}@`);
    maskText(`${one}${"x".repeat(200_000)}@`);
  }
  expect(performance.now() - started).toBeLessThan(3000);
});

describe.runIf(spawnSync("python3", ["--version"]).status === 0)("steps mask what programs say", () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-mask-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  // Whatever it is, it is shown in the same way by all of them.
  const unit = fc.constantFrom(...`ab1/?#@:'" <>[].,-`, "https://", "//", "host.example", "Basic abcdef==");
  const random = fc.sample(fc.string({ unit, maxLength: 20 }), { numRuns: 3000, seed: 1 });
  // Credentials that are empty are asterisks for some of them.
  const texts = [...Object.keys(SHOWN), ...random.filter((text) => !text.includes("//@")), "the end"];
  const input = texts.join("\n");
  const path = join(directory, "explain.py");
  writeFileSync(join(directory, "text"), input);
  writeFileSync(join(directory, "native-packages.json"), "[]");
  writeFileSync(path, EXPLAIN_SCRIPT);
  // In an image it is called `python`.
  const functions = `python() { python3 "$@"; }\n${MASK}`;

  test.each([
    ["explain.py", ["python3", "-I", path, `cat ${directory}/text`]],
    ["explain.py of a failure", ["python3", "-I", path, `cat ${directory}/text; false`]],
    ["the shell function mask", ["/bin/sh", "-c", `${functions}\nmask < ${directory}/text`]],
  ] as const)("%s", (_, [program, ...args]) => {
    const { stdout, stderr } = spawnSync(program, args);
    expect(stderr.toString()).toBe("");
    const shown = shownBy(stdout.toString()).split("\n").slice(0, texts.length);
    expect(shown).toEqual(texts.map((text) => shownBy(maskText(text))));
  });
});
