import { expect, test } from "vitest";
import { mirrorUrl } from "../../../src/units/mirror-url.ts";

const MIRRORS = [
  ["https://files.pythonhosted.org/", "http://mirror.example/pypi/"],
  ["https://files.pythonhosted.org/packages/ab/", "http://near.example/"],
  ["https://files.pythonhosted.org/packages/", "http://other.example/"],
] as const;

test.each([
  ["https://files.pythonhosted.org/x/a.whl", "http://mirror.example/pypi/x/a.whl"],
  ["https://files.pythonhosted.org/packages/ab/a.whl", "http://near.example/a.whl"],
  ["https://files.pythonhosted.org/packages/ac/a.whl", "http://other.example/ac/a.whl"],
  ["https://files.example.org/a%2Bcu12.whl", "https://files.example.org/a%2Bcu12.whl"],
  ["https://user:pa%40ss@files.example.org/a.whl", "https://files.example.org/a.whl"],
  ["https://user@files.pythonhosted.org/x/a.whl", "http://mirror.example/pypi/x/a.whl"],
  ["https://files.example.org/@scope/a.whl", "https://files.example.org/@scope/a.whl"],
  ["https://a@b:c@files.example.org/a.whl", "https://files.example.org/a.whl"],
])("%s is asked as %s", (url, asked) => {
  expect(mirrorUrl(url, MIRRORS)).toBe(asked);
});
