import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { completeLocal } from "../../../src/command/complete-local.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import type { Definition } from "../../../src/llb/definition.ts";
import { llb } from "../../../src/pb/generated.js";
import type { CopyStep, Step } from "../../../src/plan/step.ts";
import { readDockerfile } from "../../support/dockerfile-reader.ts";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { errorsOf, planOf, renderError } from "../../support/planning.ts";

const toml = (target: string): string =>
  `[project]\nname = "x"\n[build-system]\n[tool.microb.target.default]\n${target}\n`;

async function steps(target: string): Promise<readonly Step[]> {
  const { plan } = await planOf(toml(target));
  return plan.stages.flatMap((stage) => stage.steps).filter((step) => "to" in step && step.to === "/dst");
}

test("sources that no reading could tell apart from others are refused at their line", async () => {
  const target = `add_files = [
  { src = "https://user:word@h/x.git", dst = "/x" },
  { src = "git@h:x", dst = "/x" },
  { src = "ftp://h/x", dst = "/x" },
]
copy_files = [
  { src = "https://h/x", dst = "/x" },
  { src = "ssh://h/x", dst = "/x" },
  { src = "a", dst = "/x", from = "0" },
  { src = "a", dst = "/x", from = "scratch" },
  { src = "a", dst = "/x", from = "a b" },
]`;
  expect(await errorsOf(toml(target))).toMatchInlineSnapshot(`
    "8 errors:

    pyproject.toml:6:11: error: src is a git repository, which add_files cannot clone [config.value]
      6 |   { src = "https://*********@h/x.git", dst = "/x" },
        |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: pass it as a named context, --build-context repo=URL, and write copy_files = [{ from = "repo", src = "…", dst = "…" }]; write ./… for a path that looks like this

    pyproject.toml:7:11: error: src is a git repository, which add_files cannot clone [config.value]
      7 |   { src = "git@h:x", dst = "/x" },
        |           ^^^^^^^^^
      help: pass it as a named context, --build-context repo=URL, and write copy_files = [{ from = "repo", src = "…", dst = "…" }]; write ./… for a path that looks like this

    pyproject.toml:8:11: error: src is neither a path nor an http or https URL [config.value]
      8 |   { src = "ftp://h/x", dst = "/x" },
        |           ^^^^^^^^^^^
      help: write a path of the build context, or a URL that begins with https:// or http://

    pyproject.toml:11:11: error: src is a URL, but only paths can be copied [config.value]
      11 |   { src = "https://h/x", dst = "/x" },
         |           ^^^^^^^^^^^^^
      help: use add_files for a download; write ./… for a path that looks like this

    pyproject.toml:12:11: error: src is a git repository, but only paths can be copied [config.value]
      12 |   { src = "ssh://h/x", dst = "/x" },
         |           ^^^^^^^^^^^
      help: pass it as a named context, --build-context repo=URL, and write copy_files = [{ from = "repo", src = "…", dst = "…" }]; write ./… for a path that looks like this

    pyproject.toml:13:35: error: from is a number, which a Dockerfile would read as the number of a stage [config.value]
      13 |   { src = "a", dst = "/x", from = "0" },
         |                                   ^^^
      help: write the name of a named context, an image such as "busybox:1.37", or "builder"

    pyproject.toml:14:35: error: from is scratch, which has no files [config.value]
      14 |   { src = "a", dst = "/x", from = "scratch" },
         |                                   ^^^^^^^^^
      help: write the name of a named context, an image such as "busybox:1.37", or "builder"

    pyproject.toml:15:35: error: from is neither the name of an image nor the name of a context [config.value]
      15 |   { src = "a", dst = "/x", from = "a b" },
         |                                   ^^^^^
      help: write the name of a named context, an image such as "busybox:1.37", or "builder""
  `);
});

test("the builder is the builder in any case", async () => {
  const [copied] = await steps('copy_files = [{ src = "/a", dst = "/dst", from = "Builder" }]');
  expect((copied as CopyStep).from).toEqual({ kind: "stage", name: "builder" });
  expect(await errorsOf(toml('copy_files_before_build = [{ src = "/a", dst = "/a", from = "BUILDER" }]'))).toContain(
    "the builder cannot copy from itself",
  );
});

test("a stage that nothing can be copied from is no image", async () => {
  for (const name of ["runtime", "Runtime"]) {
    expect(await errorsOf(toml(`copy_files = [{ src = "/a", dst = "/a", from = "${name}" }]`))).toContain(
      `from is "${name}", the name of a stage that nothing can be copied from`,
    );
  }
  // Without a lock no stage has this name.
  await expect(steps('copy_files = [{ src = "/a", dst = "/dst", from = "project" }]')).resolves.toHaveLength(1);
});

test("stages that a lock adds are known by name, too", async () => {
  const lock = `version = 1
requires-python = ">=3.11"
[[package]]
name = "x"
source = { virtual = "." }
dependencies = [{ name = "six" }]
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.example.org/six-1.17.0-py2.py3-none-any.whl", hash = "sha256:${"0".repeat(64)}", size = 9000000 }]
`;
  const named = (from: string): Promise<unknown> =>
    planOf(
      toml(`install = "source"\ncopy_files = [{ src = "/a", dst = "/a", from = "${from}" }]`).replace(
        '"x"\n',
        '"x"\nrequires-python = ">=3.11"\ndependencies = ["six"]\n',
      ),
      { files: { "uv.lock": lock } },
    ).then((planned) => completeLocal(planned));
  expect(await renderError(() => named("WHEEL-six"))).toContain('from is "WHEEL-six", the name of a stage');
  await expect(named("wheel-seven")).resolves.toBeDefined();
});

test("a password in the URL of a download is shown by no step, and is not in the image's history", async () => {
  const { plan } = await planOf(toml('add_files = [{ src = "https://user:s3cret@h/x", dst = "/x" }]'));
  const { definition, config } = llbOf(plan);
  expect(JSON.stringify(config)).not.toContain("s3cret");
  expect(JSON.stringify(definition.metadata)).not.toContain("s3cret");
  expect(dockerfileOf(plan)).toContain("\nADD https://user:s3cret@h/x /x\n");
});

/** Paths with all that a Dockerfile reads as something else at their beginning. */
const paths = fc
  .tuple(
    fc.constantFrom("", "--", "--from=", "<<", "1<<-", "https:", "a:", "[", '"', "'", "#", "$", "\\", " ", "./", "/"),
    fc.string({ unit: fc.constantFrom(..."aB1./ -<:=*${}\"'\\é,]@"), minLength: 1, maxLength: 8 }),
  )
  .map((parts) => parts.join(""))
  .filter((text) => text.trim() !== "");

test("a path is refused, or the same path in both readings", async () => {
  await fc.assert(
    fc.asyncProperty(paths, fc.constantFrom("copy_files", "add_files"), async (src, key) => {
      const planned = await planOf(toml(`${key} = [{ src = ${JSON.stringify(src)}, dst = "/dst/" }]`)).catch(
        (error) => {
          if (error instanceof UserError) return undefined;
          throw error;
        },
      );
      if (planned === undefined) {
        // A property that returns an assertion fails, whatever the assertion says.
        expect(looksForeign(src)).toBe(true);
        return;
      }
      const { copies } = readDockerfile(dockerfileOf(planned.plan), {});
      const [, ...printed] = copies.find((words) => words.at(-1) === "/dst/") ?? [];
      expect(printed).toHaveLength(2);
      const [word = ""] = printed;
      expect(looksForeign(word)).toBe(false);
      expect([normalized(word)]).toEqual(copiedTo(llbOf(planned.plan).definition, "/dst/"));
    }),
    { numRuns: 300 },
  );
});

/** What BuildKit makes of a path: Go's `path.Join` leaves no slash at the end. */
function normalized(path: string): string {
  return posix.join("/", path).replace(/(.)\/$/, "$1");
}

/** Whether BuildKit would take a source for a here-document, a download or a repository, once it has split the line. */
function looksForeign(word: string): boolean {
  return (
    /^\d*<<-?\s*[^<]*$/.test(word) || /^[A-Za-z0-9_-]+@[A-Za-z0-9.-]+:/.test(word) || /^[a-z0-9]+:\/\//i.test(word)
  );
}

function copiedTo({ def }: Definition, to: string): readonly string[] {
  const actions = def.flatMap((bytes) => llb.Op.decode(bytes).file?.actions ?? []);
  return actions.flatMap(({ copy }) => (copy?.dest === to ? [copy.src ?? ""] : []));
}
