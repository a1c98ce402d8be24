import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseGitReference } from "../../../src/frontend/git-reference.ts";

const HTTPS = { remote: "https://example.org/a/b.git", location: "example.org/a/b.git", overSsh: false };

describe("what is a git repository", () => {
  test.each([
    ["https://example.org/a/b.git", HTTPS],
    ["http://example.org/b.git", { remote: "http://example.org/b.git", location: "example.org/b.git", overSsh: false }],
    ["git://example.org/b", { remote: "git://example.org/b", location: "example.org/b", overSsh: false }],
    [
      "ssh://git@example.org:22/b",
      { remote: "ssh://git@example.org:22/b", location: "example.org:22/b", overSsh: true },
    ],
    ["git@example.org:a/b", { remote: "git@example.org:a/b", location: "example.org/a/b", overSsh: true }],
    ["me@example.org:/a/b.git", { remote: "me@example.org:/a/b.git", location: "example.org/a/b.git", overSsh: true }],
    ["github.com/a/b", { remote: "https://github.com/a/b", location: "github.com/a/b", overSsh: false }],
    [
      "https://git:word@example.org/a/b.git",
      { remote: "https://git:word@example.org/a/b.git", location: "example.org/a/b.git", overSsh: false },
    ],
    [
      "https://git@example.org/a/b.git",
      { remote: "https://git@example.org/a/b.git", location: "example.org/a/b.git", overSsh: false },
    ],
  ])("%s", (text, expected) => {
    expect(parseGitReference(text)).toEqual(expected);
  });

  test.each([
    "https://example.org/a.tar.gz",
    "https://example.org/a.git/archive.tar",
    "http://buildkit-session/abc",
    "ftp://example.org/a.git",
    "docker-image://python:3.13",
    "oci-layout://store@sha256:00",
    "local:files",
    "input:base::linux/amd64",
    "./a.git",
    "/srv/a.git",
    "a",
    "",
  ])("%s is none", (text) => {
    expect(parseGitReference(text)).toBeUndefined();
  });
});

describe("what of it is meant", () => {
  test.each([
    ["#v1", { ref: "v1" }],
    ["#v1:a/b", { ref: "v1", subdirectory: "a/b" }],
    ["#:a/b", { subdirectory: "a/b" }],
    ["#v1:/a/./b/../c/", { ref: "v1", subdirectory: "a/c" }],
    ["#v1:../../a", { ref: "v1", subdirectory: "a" }],
    ["#", {}],
    ["?ref=v1&subdir=a/b", { ref: "v1", subdirectory: "a/b" }],
    ["?tag=v1", { ref: "refs/tags/v1" }],
    ["?tag=refs/tags/v1", { ref: "refs/tags/v1" }],
    ["?branch=main", { ref: "refs/heads/main" }],
    ["?checksum=0123abcd", { checksum: "0123abcd" }],
    ["?commit=0123abcd", { checksum: "0123abcd" }],
    ["?keep-git-dir", { keepGitDirectory: true }],
    ["?keep-git-dir=1&submodules=false", { keepGitDirectory: true, skipSubmodules: true }],
    ["?keep-git-dir=0&submodules=true", {}],
    ["?mtime=commit", { times: "commit" }],
    ["?commit=0123abcd&fetch-by-commit=true", { checksum: "0123abcd", fetchByCommit: true }],
    ["?subdir=a#v1", { ref: "v1", subdirectory: "a" }],
    ["?ref=v1#v1", { ref: "v1" }],
  ])("%s", (rest, expected) => {
    expect(parseGitReference(HTTPS.remote + rest)).toEqual({ ...HTTPS, ...expected });
  });

  test.each([
    ["?depth=1", 'the query key "depth" is unknown'],
    ["?ref=", 'the query key "ref" has no value'],
    ["?ref=a&ref=b", 'the query key "ref" is given twice'],
    ["?ref=a#b", 'it has both ref "b" and ref "a"'],
    ["?tag=a&branch=b", 'it has both ref "refs/tags/a" and ref "refs/heads/b"'],
    ["?subdir=a#:b", 'it has both subdir "b" and subdir "a"'],
    ["?checksum=aa&commit=bb", 'it has both commit "aa" and commit "bb"'],
    ["?mtime=now", 'mtime must be "checkout" or "commit", not "now"'],
    ["?submodules=perhaps", '"perhaps" is neither true nor false'],
  ])("%s is an error", (rest, message) => {
    expect(() => parseGitReference(HTTPS.remote + rest)).toThrow(new RangeError(message));
  });
});

test("a query and a fragment say the same", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9_./-]{0,20}$/);
  fc.assert(
    fc.property(name, name, (ref, directory) => {
      const fragment = parseGitReference(`${HTTPS.remote}#${ref}:${directory}`);
      const query = parseGitReference(`${HTTPS.remote}?${new URLSearchParams({ ref, subdir: directory })}`);
      expect(query).toEqual(fragment);
      expect(fragment).toMatchObject({ ...HTTPS, ref });
    }),
  );
});

test("any text is read, or refused with a reason", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const url of [text, `https://example.org/a.git?${text}`, `git@example.org:${text}`]) {
        try {
          parseGitReference(url);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
  );
});
