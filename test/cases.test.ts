import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dockerfile } from "../src/command/dockerfile.ts";
import { localContext } from "../src/command/local-context.ts";
import { locateDiagnostics, renderDiagnostics } from "../src/diagnostic/render.ts";
import { UserError } from "../src/diagnostic/user-error.ts";

/**
 * Small projects made after public bug reports, each with what pip, uv, Poetry or the standard do with it. They lie beside
 * the repository; each kind has its own unit tests too.
 */
const CASES = process.env["MICROB_CASES"] ?? join(import.meta.dirname, "../../shared/cases");
const present = existsSync(CASES);
if (!present) console.warn(`SKIPPED public bug reports: there is no directory ${CASES}; MICROB_CASES names another`);

/** What the command line prints: a Dockerfile with warnings, or errors. */
type Answer = Readonly<{ text: string; said: string }>;

async function ask(name: string, filename = "pyproject.toml", buildArgs: Record<string, string> = {}): Promise<Answer> {
  const context = join(CASES, name);
  const path = join(context, filename);
  const render = async (diagnostics: UserError["diagnostics"], severity: "error" | "warning"): Promise<string> =>
    renderDiagnostics(await locateDiagnostics(diagnostics), severity).replaceAll(`${context}/`, "");
  try {
    const { text, warnings } = await dockerfile({
      filename: path,
      context: localContext({ filename: path, context }),
      target: "",
      buildArgs: new Map(Object.entries(buildArgs)),
    });
    return { text, said: await render(warnings, "warning") };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { text: "", said: await render(error.diagnostics, "error") };
  }
}

/** The headlines of what is said: file, line, column, severity, message and code. */
function headlines({ said }: Answer): readonly string[] {
  return said.split("\n").filter((line) => /^\S.*: (?:error|warning): /.test(line));
}

function bases({ text }: Answer): readonly string[] {
  return [...text.matchAll(/^FROM (?:--platform=\S+ )?(python:\S+)/gm)].map(([, base = ""]) => base);
}

const INSTALLED_WITH_ITS_DEPENDENCIES = /pip --python \S+ install --no-compile \/projectdir(?:\[|\s|$)/m;

/** The right answer of each case. */
const RIGHT: Readonly<Record<string, () => Promise<void>>> = {
  "01d-dyn-hook": async () => {
    expect((await ask("01d-dyn-hook")).text).toMatch(/install --no-compile '?\/projectdir\[dev\]/);
  },
  "04-uv-export-editable": async () => {
    const { text } = await ask("04-uv-export-editable");
    expect(text).toContain("source=packages/core,");
  },
  "07-pip-lock-directory": async () => {
    const { text } = await ask("07-pip-lock-directory");
    expect(text.match(/pip wheel --no-deps/g)).toHaveLength(1);
    expect(text).toContain("six-1.17.0-py2.py3-none-any.whl");
  },
  "07b-lock-directory-source": async () => {
    const { text } = await ask("07b-lock-directory-source");
    expect(text).not.toContain("pip wheel --no-deps");
    expect(text).toContain("six-1.17.0-py2.py3-none-any.whl");
  },
  "08-requirements-is-pylock": async () => {
    const answer = await ask("08-requirements-is-pylock");
    expect(headlines(answer)).toEqual([expect.stringMatching(/^pyproject\.toml:10:\d+: error: .*lock/)]);
    expect(answer.said).toContain('lock = "pylock.app.toml"');
  },
  "09-readme-ignored": async () => {
    const answer = await ask("09-readme-ignored");
    expect(headlines(answer)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pyproject\.toml:4:\d+: warning: .*README\.md/),
        expect.stringMatching(/^pyproject\.toml:6:\d+: warning: .*LICENSE/),
      ]),
    );
    expect(answer.said).toMatch(/\.dockerignore:1\b/);
    expect(answer.said).toMatch(/\.dockerignore:2\b/);
  },
  "11-uv-workspace-member": async () => {
    const { text } = await ask("11-uv-workspace-member", "packages/api/pyproject.toml");
    expect(text).toContain("idna-");
    expect(text).toContain("six-");
    expect(text).toContain("packages/core");
    expect(text).not.toContain("colorama-");
  },
  "13-uv-sources-no-lock": async () => {
    const answer = await ask("13-uv-sources-no-lock");
    expect(headlines(answer)).toEqual([expect.stringMatching(/^pyproject\.toml:10:\d+: error: .*core/)]);
  },
  "18-python-version-cpython": async () => {
    expect(bases(await ask("18-python-version-cpython"))[0]).toBe("python:3.12.6");
  },
  "18-python-version-pypy": async () => {
    expect(headlines(await ask("18-python-version-pypy"))).toEqual([
      expect.stringMatching(/^\.python-version:1:1: error: "pypy3\.10-7\.3\.12" .*CPython/),
    ]);
  },
  "18-python-version-system": async () => {
    expect(headlines(await ask("18-python-version-system"))).toEqual([
      expect.stringMatching(/^\.python-version:1:1: error: "system" .*names no version/),
    ]);
  },
  "19-requires-python-eq312": async () => {
    expect(bases(await ask("19-requires-python-eq312"))[0]).toBe("python:3.12.0");
  },
  "19-requires-python-exact": async () => {
    expect(bases(await ask("19-requires-python-exact"))[0]).toBe("python:3.11.4");
  },
  "19-requires-python-le": async () => {
    expect(bases(await ask("19-requires-python-le"))[0]).toBe("python:3.11");
  },
  "19-requires-python-le2": async () => {
    expect(bases(await ask("19-requires-python-le2"))[0]).toBe("python:3.12.3");
  },
  "19-requires-python-lt": async () => {
    expect(bases(await ask("19-requires-python-lt"))[0]).toBe("python:3.10");
  },
  "22b-requirements-local": async () => {
    const files = headlines(await ask("22b-requirements-local"));
    expect(files).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^requirements\.txt:1:\d+: error: .*wheels/),
        expect.stringMatching(/^requirements\.txt:3:\d+: error: .*libs\/core/),
        expect.stringMatching(/^requirements\.txt:4:\d+: error: .*libs\/core/),
      ]),
    );
  },
  "23-requirements-utf16": async () => {
    const answer = await ask("23-requirements-utf16");
    expect(answer.text).toContain("requirements.txt");
    expect(answer.said).not.toContain("error");
  },
  "26-vcs-ignored": async () => {
    expect((await ask("26-vcs-ignored")).said).toMatch(/\.dockerignore:1\b/);
  },
  "26-vcs-pdm": async () => {
    const { text } = await ask("26-vcs-pdm");
    expect(text).toContain("COPY . /projectdir");
    expect(text).not.toMatch(/^# {3}\.git$/m);
  },
  "29-lock-missing-hash": async () => {
    const answer = await ask("29-lock-missing-hash");
    expect(headlines(answer)).toEqual([
      expect.stringMatching(/^uv\.lock:\d+:1: error: .*torch-2\.7\.0\+cpu-cp313-cp313-manylinux_2_28_x86_64\.whl/),
    ]);
  },
  "30-pdm-project-root": async () => {
    const answer = await ask("30-pdm-project-root");
    expect(answer.text).toMatch(INSTALLED_WITH_ITS_DEPENDENCIES);
  },
  "30b-pdm-lock-local": async () => {
    const { text } = await ask("30b-pdm-lock-local");
    expect(text).toContain("local-dep");
    expect(text).toContain("six-1.17.0-py2.py3-none-any.whl");
  },
  "30d-file-relative": async () => {
    expect(headlines(await ask("30d-file-relative"))).toEqual(
      ["core", "two", "three"].map((name) =>
        expect.stringMatching(new RegExp(`^pyproject\\.toml:5:\\d+: error: .*${name}`)),
      ),
    );
  },
  "33b-readme-missing": async () => {
    expect(headlines(await ask("33b-readme-missing"))).toContainEqual(
      expect.stringMatching(/^pyproject\.toml:4:\d+: warning: .*README\.md/),
    );
  },
  "39-flat-local-index": async () => {
    const { text } = await ask("39-flat-local-index");
    expect(text).toContain("wheels/six-1.17.0-py2.py3-none-any.whl");
    expect(text).not.toContain("files.pythonhosted.org");
  },
  "40-alpine-no-musl": async () => {
    const answer = await ask("40-alpine-no-musl");
    expect(headlines(answer)).toEqual([expect.stringMatching(/error: vtk 9\.6\.0 has no wheel for .*musl/)]);
    expect(answer.said).toContain("flavor");
  },
  "44-setup-cfg": async () => {
    const answer = await ask("44-setup-cfg");
    expect(answer.text).toMatch(INSTALLED_WITH_ITS_DEPENDENCIES);
    expect(bases(answer)[0]).toBe("python:3.11");
  },
  "44b-setup-py": async () => {
    const answer = await ask("44b-setup-py");
    expect(answer.text).toMatch(INSTALLED_WITH_ITS_DEPENDENCIES);
    expect(bases(answer)[0]).toBe("python:3.11");
  },
  "44d-setup-py-only-tool": async () => {
    const answer = await ask("44d-setup-py-only-tool");
    expect(answer.text).toMatch(INSTALLED_WITH_ITS_DEPENDENCIES);
    expect(bases(answer)[0]).toBe("python:3.11");
  },
  "44e-setup-cfg-extras": async () => {
    expect((await ask("44e-setup-cfg-extras")).text).toMatch(/install --no-compile '?\/projectdir\[web\]/);
  },
  "50-requirements-credentials": async () => {
    const answer = await ask("50-requirements-credentials");
    expect(headlines(answer)).toContainEqual(expect.stringMatching(/^requirements\.txt:1:\d+: warning: .*password/));
    expect(answer.said + answer.text).not.toContain("tok3n");
  },
  "50b-requirements-env": async () => {
    const answer = await ask("50b-requirements-env");
    for (const name of ["USER_X", "TOKEN_X"]) {
      expect(headlines(answer)).toContainEqual(expect.stringMatching(new RegExp(`^requirements\\.txt:1:.*${name}`)));
    }
  },
  "58-entrypoint-missing": async () => {
    const answer = await ask("58-entrypoint-missing");
    expect(headlines(answer)).toContainEqual(expect.stringMatching(/^pyproject\.toml:10:\d+: warning: .*gunicorn/));
  },
  "61-proxy": async () => {
    const proxies = { HTTPS_PROXY: "http://proxy.example.org:3128", http_proxy: "http://proxy.example.org:3128" };
    expect((await ask("61-proxy", "pyproject.toml", proxies)).said).toBe((await ask("61-proxy")).said);
  },
  "62b-lock-lt-patch": async () => {
    expect(bases(await ask("62b-lock-lt-patch"))[0]).toBe("python:3.11");
  },
  "66-poetry-lock-silent": async () => {
    expect(headlines(await ask("66-poetry-lock-silent"))).toContainEqual(
      expect.stringMatching(/warning: .*poetry\.lock/),
    );
  },
  "68-ignore-all": async () => {
    const { said } = await ask("68-ignore-all");
    expect(said).toMatch(/pyproject\.toml/);
    expect(said).toMatch(/\.dockerignore:1\b/);
  },
  "80-psycopg2": async () => {
    expect((await ask("80-psycopg2")).said).toContain('system_deps = ["libpq5"]');
  },
  "extra-from-file": async () => {
    const { said } = await ask("extra-from-file");
    expect(said).toContain('the project has no extra "nope"');
    expect(said).toContain("known extras: web");
  },
  "scm-on-alpine": async () => {
    expect((await ask("scm-on-alpine")).text).toContain("apk add --update-cache git");
  },
  "subdirectory-build-file": async () => {
    const { text } = await ask("subdirectory-build-file", "svc/pyproject.toml");
    expect(text).toContain("source=req.txt,");
    expect(text).toContain("COPY conf/ /etc/k/");
  },
};

/** They wait for keys that are not there yet. */
const LATER = ["37b-groups-no-lock", "49-pretend-version"];

describe.skipIf(!present)("public bug reports", () => {
  test("each has its right answer here", () => {
    const names = readdirSync(CASES).filter((name) => name !== "README.md");
    expect([...Object.keys(RIGHT), ...LATER].sort()).toEqual(names.sort());
  });
  test.each(Object.entries(RIGHT))("%s", (_, right) => right());
});
