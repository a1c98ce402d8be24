import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { parseIgnoreFile } from "../../../src/facts/ignore-file.ts";

// The cases of moby/patternmatcher `ignorefile_test.go`, and what else its code says. A lone "!", which the reference
// refuses later, and "/", which it matches with nothing, are left out.
test.each<[string, string, readonly string[]]>([
  [
    "the table of the reference",
    "test1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n!\n! \n",
    ["test1", "test2", "a/file/here", "lastfile", "!inverted/abs/path"],
  ],
  ["nothing", "", []],
  ["a mark", "\uFEFF# comment\na\n", ["a"]],
  ["comments only in the first column", "#a\n #b\na#c\n", ["#b", "a#c"]],
  ["carriage returns", "a\r\n\r\n!b\r\n", ["a", "!b"]],
  ["white space", "\t a b \t\n", ["a b"]],
  ["paths made clean", "./a//b/../c/\nx/..\n../up\n/../../b\n", ["a/c", ".", "../up", "b"]],
  ["the whole context", ".\n/\n*\n**\n", [".", "*", "**"]],
  ["wildcards", "**/*.py[co]\n!docs/**\n", ["**/*.py[co]", "!docs/**"]],
  ["no end of line", "a", ["a"]],
])("%s", (_, text, patterns) => {
  expect(parseIgnoreFile(sourceText(".dockerignore", text)).rules.map(({ pattern }) => pattern)).toEqual(patterns);
});
