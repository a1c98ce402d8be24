import { expect, test } from "vitest";
import { maskCredentials } from "../../../src/diagnostic/mask-credentials.ts";
import { processorTime } from "../../support/processor-time.ts";

const masked = (text: string): string => maskCredentials({ filename: "pyproject.toml", text }).text;

test.each([
  ['url = "https://user:s3cret@host/simple"', 'url = "https://***********@host/simple"'],
  ['{ username = "ann", password = "a\\"b", trust = true }', '{ username = "***", password = "****", trust = true }'],
  ["password = 'it''", "password = '***'"],
  ['password_secret = "token"', 'password_secret = "token"'],
  ['"git+https://token@git.example/x"', '"git+https://*****@git.example/x"'],
  ['"x @ git+ssh://git@git.example/x"', '"x @ git+ssh://git@git.example/x"'],
  ['password = """two\nlines"""', 'password = """***\n*****"""'],
  ['password = """a\\""" b""" # c', 'password = """*******""" # c'],
  [`password = """"quoted"""" # c`, `password = """********""" # c`],
  [`password = ''''quoted'''' # c`, `password = '''********''' # c`],
  ['password = ""', 'password = ""'],
  ['password = "no end\nx = 1', "password = *******\nx = 1"],
  ["password = no quotes\r\nx = 1", "password = **********\nx = 1"],
  ['password = """no end\nx = 1', "password = *********\n*****"],
  ['{ password = "x, trust = true }', "{ password = ******************"],
  ['url = "https://ann:p/w?x#y@host/simple"', 'url = "https://***********@host/simple"'],
  ['"git+https://host:8443/x@v1"', '"git+https://host:8443/x@v1"'],
  ['description = "write me@example.org"', 'description = "write me@example.org"'],
])("%s", (text, expected) => {
  expect(masked(text)).toBe(expected);
});

test("positions stay where they are", () => {
  const text = 'a = 1\npassword = "é😀x" # tail\nb = 2';
  expect(masked(text).length).toBe(text.length);
  expect(masked(text).split("\n").length).toBe(3);
});

test("takes no time for what never ends", () => {
  const started = processorTime();
  for (const one of ["://a:", "://", "password = ", 'password = """', "password = '"]) {
    masked(one.repeat(20_000));
    masked(`${one}${"x".repeat(200_000)}`);
  }
  expect(processorTime() - started).toBeLessThan(2000);
});
