import fc from "fast-check";

const pick = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(""));

const space = pick("", "", "", " ", "\t", "  ");
const name = pick("a", "A-b", "a.b_c", "x1", "1x", "a--b", "a", "B", "a-", "-a", "é", "");
const version = pick(
  ...[
    "1",
    "1.0",
    "1.*",
    "1.0.*",
    "1!2.0",
    "v1",
    "1.0a1",
    "1.0.post1",
    "1.0+local.1",
    "1.0.dev0",
    "01",
    "1.0-1",
    "1.0rc",
  ],
  ...["abc", "*", "", "2004d", "1.0-", "1..0", "1.0+LOCAL_2"],
);
const clause = joined(pick("==", ">=", "<=", "<", ">", "!=", "~=", "=", "=>", ""), space, version);
const clauses = fc.array(joined(space, clause, space), { maxLength: 3 }).map((texts) => texts.join(","));
const specifier = fc.oneof(pick(""), joined(pick("", "", "("), clauses, pick("", "", ")", ",")));
const extras = pick("", "", "[a]", "[a,b]", "[ a , b ]", "[]", "[a,]", "[,]", "[a b]", "[a");
const operand = pick(
  ...["python_version", "os_name", "sys_platform", "extra", "platform.machine", "python_implementation", "os.name"],
  ...["'3.8'", '"linux"', "'a\"b'", "''", "foo"],
);
const comparison = joined(
  ...[space, operand, space, pick("==", ">=", " in ", " not in ", "in", "not  in", "~=", "===", "<", "!", "and")],
  ...[space, operand, space],
);
const term = fc.oneof(
  comparison,
  comparison.map((text) => `(${text})`),
  comparison.map((text) => `((${text}) or ${text})`),
);
const terms = fc
  .tuple(fc.array(term, { maxLength: 3 }), pick(" and ", " or ", "and"))
  .map(([texts, conjunction]) => texts.join(conjunction));
const marker = fc.oneof(pick(""), joined(space, pick(";", ";", ":"), terms));
const url = pick("https://x/y.zip", "git+https://g/h@v1#egg=x", "x", "", "https://x/;y", "https://x y", "file:///a b");
const place = joined(space, pick("@"), space, url, pick("", " ", "\t"));

/** Texts that are requirements, nearly are, or once were. */
export const requirementTexts: fc.Arbitrary<string> = joined(
  ...[space, name, space, extras, space, fc.oneof(specifier, specifier, place), marker],
);
