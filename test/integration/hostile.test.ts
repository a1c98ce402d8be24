import { afterAll, describe, expect, inject, test } from "vitest";
import { dockerOf, output } from "../support/docker.ts";
import { HOSTILE } from "../support/hostile.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { buildDockerfileOf } from "../support/printed-dockerfile.ts";
import { tempProject } from "../support/temp-project.ts";

const VALUES = [
  ...HOSTILE,
  "$(touch /tmp/pwned)",
  "`touch /tmp/pwned`",
  "';touch /tmp/pwned;'",
  '";touch /tmp/pwned;"',
  "x\nRUN touch /tmp/pwned\n",
  "x'\nUSER root\n#",
  "x <<EOF y",
  '["a"]',
  "$$",
  "\\\\$A",
];

/** A value as `env` and `labels` take it literally. */
function literal(text: string): string {
  return text.replace(/(\\*)\$/g, (_, backslashes: string) => `${backslashes}${backslashes}\\$`);
}

function basicString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

const REPORT = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))";

type Project = Readonly<{ files: Readonly<Record<string, string>>; names: readonly string[] }>;

/** A project that uses values wherever a value can be anything; `names` are the names of the files that are copied. */
function project(values: readonly string[]): Project {
  // A wildcard matches more than itself, and a path is cleaned.
  const names = values.filter((value) => /^[^/\n\r*?[\\]+$/.test(value) && value.trim() !== "");
  const copies = names.map((name) => `{ src = ${basicString(`data/${name}`)}, dst = ${basicString(`/srv/${name}`)} }`);
  const table = (entries: readonly string[]): string => `{ ${entries.join(", ")} }`;
  const words = values.map(basicString).join(", ");
  return {
    names,
    files: {
      ...Object.fromEntries(names.map((name, index) => [`data/${name}`, `file ${index}`])),
      "pyproject.toml": `# syntax=microb/microb
[project]
name = "hostile"
version = "1"
description = ${basicString(values.join(" "))}
[tool.microb.target.${basicString("a 'b' $(touch /tmp/pwned)")}]
python_version = "3.13"
install = "source"
env = ${table(values.map((value, index) => `V${index} = ${basicString(literal(value))}`))}
labels = ${table(values.map((value, index) => `"org.example.v${index}" = ${basicString(literal(value))}`))}
copy_files = [${[...copies, '{ src = "/tmp/", dst = "/builder/", from = "builder" }'].join(", ")}]
entrypoint = ["python", "-c", ${basicString(REPORT)}, ${words}]
command = [${words}]
`,
    },
  };
}

const [engine] = inject("engines");

describe.skipIf(engine === undefined)(`hostile values on ${engine?.name}`, () => {
  const tag = "microb-test/hostile";
  const twin = `${tag}-dockerfile`;
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  afterAll(() => docker(["rmi", "-f", tag, twin]));

  test("the container has exactly these values, and nothing ran", async () => {
    const { files, names } = project(VALUES);
    await output(docker, ["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd: tempProject(files) });
    const [words, env] = JSON.parse(await output(docker, ["run", "--rm", tag]));
    expect(words).toEqual([...VALUES, ...VALUES]);
    expect(VALUES.map((_, index) => env[`V${index}`])).toEqual(VALUES);
    const { Labels } = JSON.parse(await output(docker, ["image", "inspect", "-f", "{{json .Config}}", tag]));
    expect(VALUES.map((_, index) => Labels[`org.example.v${index}`])).toEqual(VALUES);
    const list =
      "import json, os; print(json.dumps([{n: open('/srv/' + n).read() for n in os.listdir('/srv')}, os.listdir('/tmp'), os.listdir('/builder')]))";
    const [copied, ...temporary] = JSON.parse(
      await output(docker, ["run", "--rm", "--entrypoint", "python", tag, "-c", list]),
    );
    expect(copied).toEqual(Object.fromEntries(names.map((name, index) => [name, `file ${index}`])));
    expect(temporary).toEqual([[], []]);
  });

  test("what a Dockerfile can say of it gives the same image", async () => {
    const { files } = project(VALUES.filter((value) => !/[\r\n]/.test(value)));
    const directory = tempProject(files);
    await output(docker, ["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
    await buildDockerfileOf(docker, { directory, tag: twin });
    const [one, other] = await Promise.all(
      [tag, twin].map((image) => output(docker, ["image", "inspect", "-f", "{{json .Config}}", image])),
    );
    expect(JSON.parse(one ?? "")).toEqual(JSON.parse(other ?? ""));
    const contents = [tag, twin].map((image) => imageContents(engine as NonNullable<typeof engine>, image));
    const [own, theirs] = await Promise.all(contents);
    expect(difference(own ?? new Map(), theirs ?? new Map())).toEqual({});
  });
});
