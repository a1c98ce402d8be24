import { expect, test } from "vitest";
import { type CommandLine, parseCommandLine, UsageError } from "../../../src/command/command-line.ts";

const DEFAULTS: CommandLine = { action: "buildkit", filename: "pyproject.toml", target: "", buildArgs: new Map() };

test.each<[readonly string[], Partial<CommandLine>]>([
  [[], {}],
  [["-dockerfile"], { action: "dockerfile" }],
  [["--dockerfile"], { action: "dockerfile" }],
  [["-dockerfile=true"], { action: "dockerfile" }],
  [["-dockerfile=1"], { action: "dockerfile" }],
  [["-dockerfile=false"], {}],
  [["--dockerfile=F"], {}],
  [["-dockerfile", "-dockerfile=0"], {}],
  [["-buildkit"], {}],
  [["-dockerfile", "-buildkit=false"], { action: "dockerfile" }],
  [["--help", "-dockerfile"], { action: "help" }],
  [["-h"], { action: "help" }],
  [["-llb"], { action: "llb" }],
  [["-version"], { action: "version" }],
  [["-dockerfile", "-filename", "a.toml"], { action: "dockerfile", filename: "a.toml" }],
  [["-context", "..", "--context=a"], { context: "a" }],
  [["-filename=a=b.toml"], { filename: "a=b.toml" }],
  [["--filename", "-x"], { filename: "-x" }],
  [["-app", "web"], { target: "web" }],
  [["--app=web"], { target: "web" }],
  [["--target", "web"], { target: "web" }],
  [["-app", "web", "-target", "cli"], { target: "cli" }],
  [
    ["--build-arg", "A=1", "-build-arg=B==2", "--build-arg", "C=", "--build-arg", "D=a\nb"],
    {
      buildArgs: new Map([
        ["A", "1"],
        ["B", "=2"],
        ["C", ""],
        ["D", "a\nb"],
      ]),
    },
  ],
  [["--build-arg", "constructor=1"], { buildArgs: new Map([["constructor", "1"]]) }],
])("%j", (args, expected) => {
  expect(parseCommandLine(args)).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  [["-dokcerfile"], 'unknown option -dokcerfile; did you mean "dockerfile"?'],
  [["---dockerfile"], "unknown option ---dockerfile; "],
  [["-x=1"], "unknown option -x=1; "],
  [["--"], "unknown option --; "],
  [["constructor"], 'unexpected argument "constructor"'],
  [["-constructor"], "unknown option -constructor; "],
  [["-dockerfile", "false"], 'unexpected argument "false"'],
  [["-dockerfile=yes"], '-dockerfile must be true or false, not "yes"'],
  [["-dockerfile="], '-dockerfile must be true or false, not ""'],
  [["-filename"], "-filename needs a value"],
  [["--build-arg", "A"], '--build-arg takes NAME=VALUE, not "A"'],
  [["--build-arg", "=1"], '--build-arg takes NAME=VALUE, not "=1"'],
  [["-dockerfile", "-buildkit"], "-dockerfile and -buildkit exclude each other"],
  [["-buildkit=false"], "there is nothing to do"],
])("%j is refused", (args, message) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
  expect(() => parseCommandLine(args)).toThrow(message);
});

test("the build argument chooses the target as it does for a build: in any case, and after -target", () => {
  expect(parseCommandLine(["--build-arg", "microb_target=web"]).target).toBe("web");
  expect(parseCommandLine(["--build-arg", "MICROB_Target=web"]).target).toBe("web");
  expect(parseCommandLine(["--build-arg", "microb_target=web", "-target", "cli"]).target).toBe("cli");
});
