import { expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

const SYNTAX = "# syntax=microb/microb\n";
const PROJECT = `${SYNTAX}[project]\nname = "bad"\nversion = "1"\n`;

type Case = Readonly<{
  files: Readonly<Record<string, string>>;
  flags?: readonly string[];
  /** Every one must stand in what the user sees. */
  says: readonly string[];
}>;

const CASES: Readonly<Record<string, Case>> = {
  "invalid TOML": {
    files: { "pyproject.toml": `${PROJECT}description = "not closed\n` },
    says: ["pyproject.toml:5:", "invalid TOML"],
  },
  "a template": {
    files: { "pyproject.toml": `${SYNTAX}[project]\nname = {{ cookiecutter.name }}\n` },
    says: ["pyproject.toml:3:", "looks like a template"],
  },
  "an unknown key and a wrong type": {
    files: { "pyproject.toml": `${PROJECT}[tool.microb.target.default]\nentry_point = ["x"]\nbuild_deps = "gcc"\n` },
    says: [
      "2 errors",
      "pyproject.toml:6:1:",
      'did you mean "entrypoint"',
      "pyproject.toml:7:14:",
      "must be an array, not a string",
    ],
  },
  "no such target": {
    files: { "pyproject.toml": `${PROJECT}[tool.microb.target.web]\n[tool.microb.target.worker]\n` },
    flags: ["--target", "wroker"],
    says: ["pyproject.toml:5:", 'there is no target "wroker"', 'did you mean "worker"'],
  },
  "unsatisfiable Python": {
    files: {
      "pyproject.toml": `${PROJECT}requires-python = ">=3.12"\n[tool.microb.target.default]\npython_version = "3.11"\n`,
    },
    says: ["pyproject.toml:7:18:", "asks for Python 3.11", ">=3.12"],
  },
  "a missing requirements file": {
    files: { "pyproject.toml": `${PROJECT}[tool.microb.target.default]\nrequirements = "requirements.lock"\n` },
    says: ["pyproject.toml:6:16:", 'no file "requirements.lock"'],
  },
  "a requirements file with a mistake": {
    files: {
      "pyproject.toml": `${PROJECT}[tool.microb.target.default]\nrequirements = "reqs/all.txt"\n`,
      "reqs/all.txt": "-r more.txt\n",
      "reqs/more.txt": "click\nrich >= \n",
    },
    says: ["reqs/more.txt:2:1:", "rich >="],
  },
  "an unknown extra": {
    files: {
      "pyproject.toml": `${PROJECT}optional-dependencies.web = []\n[tool.microb.target.default]\nextras = ["wbe"]\n`,
    },
    says: ["pyproject.toml:7:11:", 'no extra "wbe"', 'did you mean "web"'],
  },
  "a base image that does not exist": {
    files: {
      "pyproject.toml": `${PROJECT}[tool.microb.target.default]\npython_version = "3.11.99"\ninstall = "source"\n`,
    },
    says: ["pyproject.toml:6:18:", "python:3.11.99", "could not be resolved"],
  },
  "a build file of 5 MB": {
    files: { "pyproject.toml": `${PROJECT}description = "${"x".repeat(5 << 20)}"\n` },
    says: ["pyproject.toml:1:1:", "microb reads at most 393216"],
  },
  "an option that is not valid": {
    files: { "pyproject.toml": PROJECT },
    flags: ["--build-arg", "BUILDKIT_SYNTAX=microb/microb", "--network", "container:x"],
    says: ["network"],
  },
};

/** Mistakes of users: each ends in one clear message, soon, without a stack trace and without an image. */
export function badInputOn(name: Engine["name"]): void {
  describeOn(name, "bad input", (engine) => {
    const docker = dockerOf(engine);
    const tag = "microb-test/bad";

    // Once in some hundred builds that end at once, the client of Docker 20.10 waits for its own session for ever, while
    // the daemon has no build any more: it is asked again.
    test.each(Object.entries(CASES))(
      "%s",
      { retry: name === "floor" ? 1 : 0 },
      async (_, { files, flags = [], says }) => {
        const cwd = tempProject(files);
        const build = await docker(["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], {
          cwd,
          timeout: 60_000,
        });
        expect(build.code).toBe(1);
        for (const text of says) expect(build.stderr).toContain(text);
        expect(build.stderr).not.toMatch(/^\s+at .*[.:]\d+|node:internal|TypeError/m);
        expect((await docker(["image", "inspect", tag])).code).not.toBe(0);
      },
    );

    test("the line that is wrong is shown once, however the client shows it", async () => {
      const cwd = tempProject({ "pyproject.toml": `${PROJECT}[tool.microb.target.default]\nflavor = "arch"\n` });
      const { stderr } = await docker(["build", "-f", "pyproject.toml", "."], { cwd });
      expect(stderr.match(/flavor = "arch"/g)).toHaveLength(1);
      expect(stderr).toMatch(name === "floor" ? /6 \| flavor = "arch"\n +\| +\^{6}/ : /6 \| >>> flavor = "arch"/);
    });

    test("a build step that fails says so as a Dockerfile's would", async () => {
      const cwd = tempProject({
        "pyproject.toml": `${PROJECT}dependencies = ["no-such-project-on-the-index"]\n[tool.microb.target.default]\npython_version = "3.13"\ninstall = "source"\n`,
      });
      const build = await docker(["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      expect(build.code).toBe(1);
      expect(build.stderr).toContain("No matching distribution found for no-such-project-on-the-index");
      expect(build.stderr).toMatch(/exit code: 1/);
      expect(build.stderr).toMatch(
        // The client of 20.10 drops what errors carry besides their text, and names the step.
        name === "floor"
          ? />.*install project\.dependencies \(pyproject\.toml:5: dependencies = \["no-such-project-on-the-index"\]\)/
          : />>> dependencies = \["no-such-project/,
      );
    });

    test.skipIf(name === "floor")("of many dependencies the lines are marked, and nothing else", async () => {
      const list = "dependencies = [\n  # none\n  'no-such-project-on-the-index',\n]\n";
      const cwd = tempProject({
        "pyproject.toml": `${PROJECT}${list}[tool.microb.target.default]\npython_version = "3.13"\ninstall = "source"\n`,
      });
      const { stderr } = await docker(["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      expect(stderr.match(/^ +\d+ \| >>> .*$/gm)).toEqual([
        expect.stringMatching(/7 \| >>> +'no-such-project-on-the-index',/),
      ]);
    });
  });
}
