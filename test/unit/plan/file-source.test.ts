import { expect, test } from "vitest";
import { download, readSource } from "../../../src/plan/file-source.ts";

test.each([
  "a",
  "./a",
  "--files",
  "<<EOF",
  "https:foo",
  "http:/foo",
  "a:b",
  "./git@host:x",
  "/git@host:x",
  "dir/git@host:x",
  "github.com/a/b.git",
  "a.git",
])("%s is a path", (text) => {
  expect(readSource(text)).toEqual({ kind: "context", path: text });
});

test.each([
  "git@host:x",
  "user_1@git.example.org:a/b.git#v1",
  "git://h/x",
  "ssh://git@h/x.git",
  "SSH://h/x",
  "https://h/x.git",
  "https://h/x.git#v1:dir",
  "HTTPS://h/x.git?tag=v1",
  "http://u:p@h:80/x.git",
  "https://h/x%2Egit",
])("%s is a repository", (text) => {
  expect(readSource(text)).toEqual({ kind: "git" });
});

test.each([
  "ftp://h/x",
  "file:///x",
  "s3://h/x",
  "https://",
  "http://[",
  "https://h:port/",
])("%s is a URL that nothing fetches", (text) => {
  expect(readSource(text)).toEqual({ kind: "other" });
});

test.each([
  ["https://h/a/b.txt", "b.txt"],
  ["https://h/a/b.txt?c=d/e.git#f/g", "b.txt"],
  ["https://h/a%20b%2Bc.txt", "a b+c.txt"],
  ["https://h/a%2Fb", "b"],
  ["https://h/a/", "a"],
  ["https://h/a.git/", "a.git"],
  ["https://h", "__unnamed__"],
  ["https://h/%ff", "__unnamed__"],
])("%s is a download called %s", (url, name) => {
  expect(readSource(url)).toEqual({ kind: "download", url, name });
  expect(download(url)).toEqual({ kind: "download", url, name });
});

test("a scheme in capitals is that of a download all the same", () => {
  expect(readSource("HTTPS://H/A")).toEqual({ kind: "download", url: "https://H/A", name: "A" });
});
