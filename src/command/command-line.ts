import { suggestion } from "../diagnostic/suggest.ts";
import { ownArgument } from "../plan/build-args.ts";

/** What the command line asks for. */
export type CommandLine = Readonly<{
  action: "dockerfile" | "llb" | "buildkit" | "help" | "version";
  filename: string;
  /** The build context, if it is named. */
  context?: string;
  target: string;
  buildArgs: ReadonlyMap<string, string>;
}>;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const SWITCHES = ["dockerfile", "llb", "buildkit", "help", "version"] as const;
const VALUES = ["filename", "context", "app", "target", "build-arg"] as const;

/**
 * Reads options with one dash or two, values after a space or `=`, and switches that may be turned off (`-x=false`).
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const switches = new Map<string, boolean>();
  const values = new Map<string, string>();
  const buildArgs = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    const [, written = "", , inline] = /^--?([a-z][a-z-]*)(=(.*))?$/s.exec(argument) ?? [];
    const name = written === "h" ? "help" : written;
    if (isOneOf(SWITCHES, name)) switches.set(name, readSwitch(name, inline));
    else if (isOneOf(VALUES, name)) {
      const value = inline ?? args[++index];
      if (value === undefined) throw new UsageError(`-${name} needs a value`);
      if (name === "build-arg") buildArgs.set(...readPair(value));
      else values.set(name === "app" ? "target" : name, value);
    } else throw new UsageError(unknownArgument(argument, name));
  }
  const asked = SWITCHES.filter((name) => switches.get(name) === true);
  const action = asked.includes("help") ? "help" : asked.includes("version") ? "version" : (asked[0] ?? "buildkit");
  const exclusive = asked.filter((name) => name !== "help" && name !== "version");
  if (exclusive.length > 1) throw new UsageError(`-${exclusive.join(" and -")} exclude each other`);
  if (asked.length === 0 && switches.get("buildkit") === false) throw new UsageError("there is nothing to do");
  const context = values.get("context");
  return {
    action,
    filename: values.get("filename") ?? "pyproject.toml",
    ...(context !== undefined && { context }),
    target: values.get("target") || ownArgument(buildArgs, "microb_target") || "",
    buildArgs,
  };
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

function readSwitch(name: string, value: string | undefined): boolean {
  if (value === undefined || /^(?:1|t|true)$/i.test(value)) return true;
  if (/^(?:0|f|false)$/i.test(value)) return false;
  throw new UsageError(`-${name} must be true or false, not "${value}"`);
}

function readPair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--build-arg takes NAME=VALUE, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function unknownArgument(argument: string, name: string): string {
  if (!argument.startsWith("-")) return `unexpected argument "${argument}"`;
  return `unknown option ${argument}; ${suggestion(name, [...SWITCHES, ...VALUES], "options")}`;
}
