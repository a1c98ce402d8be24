import { readWord, splitWords } from "./dockerfile-lexer.ts";

/** One instruction: its flags, and what follows them. */
export type Instruction = Readonly<{ name: string; flags: readonly string[]; rest: string }>;

/** Reads the instructions of a Dockerfile, line by line, as BuildKit does (`frontend/dockerfile/parser/parser.go`). */
export function readInstructions(text: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  let pending = "";
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\r$/, "");
    if (/^\s*#/.test(line) || (pending !== "" && line.trim() === "")) continue;
    const continued = /\\[ \t]*$/.exec(line);
    pending += continued === null ? line : line.slice(0, continued.index);
    if (continued !== null) continue;
    if (pending.trim() !== "") instructions.push(instruction(pending));
    pending = "";
  }
  if (pending !== "") throw new Error("the last line is continued");
  return instructions;
}

function instruction(line: string): Instruction {
  const [, name = "", after = ""] = /^\s*(\S+)\s*(.*)$/s.exec(line) ?? [];
  const flags: string[] = [];
  let rest = after;
  for (;;) {
    const flag = /^--\S+\s+/.exec(rest)?.[0];
    if (flag === undefined) break;
    flags.push(flag.trim());
    rest = rest.slice(flag.length);
  }
  if (/^(?:RUN|COPY|ADD)$/.test(name) && !rest.startsWith("[")) {
    // What begins a here-document takes the lines that follow (`reHeredoc`).
    const heredoc = splitWords(rest).find((word) => /^\d*<<-?[^<]+$/.test(word));
    if (heredoc !== undefined) throw new Error(`a here-document: ${heredoc}`);
  }
  return { name, flags, rest };
}

/** What a Dockerfile says, its variables filled in: the steps of all stages, and the settings of the last one. */
export type DockerfileMeaning = Readonly<{
  runs: readonly Readonly<{ script: string; env: Readonly<Record<string, string>>; mounts: number }>[];
  copies: readonly (readonly string[])[];
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  entrypoint?: readonly string[];
  command?: readonly string[];
}>;

/** Reads a Dockerfile whose base images all have this environment. */
export function readDockerfile(text: string, baseEnv: Readonly<Record<string, string>>): DockerfileMeaning {
  const runs: DockerfileMeaning["runs"][number][] = [];
  const copies: string[][] = [];
  let env = new Map<string, string>();
  let labels = new Map<string, string>();
  let start: Pick<DockerfileMeaning, "entrypoint" | "command"> = {};
  const variables = (): Record<string, string> => Object.fromEntries(env);
  const stages = new Map<string, ReadonlyMap<string, string>>();
  for (const { name, flags, rest } of readInstructions(text)) {
    switch (name) {
      case "FROM": {
        const [, base = "", stage = ""] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
        [env, labels, start] = [new Map(stages.get(base) ?? Object.entries(baseEnv)), new Map(), {}];
        stages.set(stage, env);
        break;
      }
      case "RUN":
        runs.push({
          script: rest,
          env: variables(),
          mounts: flags.filter((flag) => flag.startsWith("--mount=")).length,
        });
        break;
      case "COPY":
      case "ADD": {
        const words = rest.startsWith("[") ? (JSON.parse(rest) as string[]) : rest.split(/\s+/);
        copies.push([name, ...flags, ...words.map((word) => readWord(word, variables()))]);
        break;
      }
      case "ENV":
        env.set(...pair(rest, variables()));
        break;
      case "LABEL":
        labels.set(...pair(rest, variables()));
        break;
      case "ENTRYPOINT":
        start = { ...start, entrypoint: JSON.parse(rest) };
        break;
      case "CMD":
        start = { ...start, command: JSON.parse(rest) };
        break;
      case "WORKDIR":
      case "USER":
        if (!/^[\w/:.]+$/.test(rest)) throw new Error(`${name} ${rest}`);
        break;
      default:
        throw new Error(`an instruction that is none of ours: ${name}`);
    }
  }
  return { runs, copies, env: Object.fromEntries(env), labels: Object.fromEntries(labels), ...start };
}

function pair(rest: string, env: Readonly<Record<string, string>>): [string, string] {
  const [word = "", ...others] = splitWords(rest);
  if (others.length > 0) throw new Error(`several words: ${rest}`);
  const at = word.indexOf("=");
  return [readWord(word.slice(0, at), env), readWord(word.slice(at + 1), env)];
}
