import { join } from "node:path";
import { expect, test } from "vitest";
import { localContext } from "../../../src/command/local-context.ts";
import { renderError } from "../../support/planning.ts";

// The working directory is that of the repository.
const HERE = process.cwd();

test("a build file in the working directory has that as its context, and nothing is said", () => {
  const context = { directory: ".", location: { directory: "", buildFile: "pyproject.toml" } };
  expect(localContext({ filename: "pyproject.toml" })).toEqual(context);
  expect(localContext({ filename: "./docs/../pyproject.toml" })).toEqual(context);
  expect(localContext({ filename: join(HERE, "pyproject.toml") })).toEqual(context);
});

test("a build file below the working directory is a project of it, and that is said", () => {
  expect(localContext({ filename: "services/a/web.toml" })).toEqual({
    directory: ".",
    location: { directory: "services/a", buildFile: "web.toml" },
    note: "the build context is the working directory; to choose another, pass -context",
  });
});

test("a build file elsewhere brings its own directory, and that is said", () => {
  for (const directory of [join(HERE, ".."), join(HERE, "../elsewhere"), "/"]) {
    expect(localContext({ filename: join(directory, "pyproject.toml") })).toEqual({
      directory,
      location: { directory: "", buildFile: "pyproject.toml" },
      note: "the build context is the directory of the build file; to choose another, pass -context",
    });
  }
});

test("a context that is named is that one, and nothing is said", () => {
  const filename = "../a/b/c.toml";
  expect(localContext({ filename, context: "../a" })).toEqual({
    directory: "../a",
    location: { directory: "b", buildFile: "c.toml" },
  });
  expect(localContext({ filename, context: "../a/b" }).location).toEqual({ directory: "", buildFile: "c.toml" });
});

test("a Dockerfile cannot see a build file outside of its context", async () => {
  for (const context of ["a/c", "a/b", "a/pyproject.toml"]) {
    const error = await renderError(async () => localContext({ filename: "a/pyproject.toml", context }));
    expect(error).toContain(`a/pyproject.toml is not in the build context ${context} [context.build-file]`);
  }
});
