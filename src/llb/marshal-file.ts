import { posix } from "node:path";
import type { llb } from "../pb/generated.js";
import { type Int64, toInt64 } from "../pb/int64.ts";
import { assertNever } from "../util/assert-never.ts";
import type { CopyAction, FileAction, Owner } from "./file-action.ts";
import { NONE, type OpInputs } from "./op-inputs.ts";
import type { FileVertex } from "./vertex.ts";

/**
 * The file op (BuildKit `client/llb/fileop.go`). An action applies to the outcome of the one before it, which is
 * numbered after the inputs; the last one's outcome is the op's only output.
 */
export function marshalFile({ base, actions }: FileVertex, inputs: OpInputs): llb.FileOp.$Properties {
  const baseIndex = inputs.indexOf(base);
  const sources = actions.map((action) => (action.kind === "copy" ? inputs.indexOf(action.from) : NONE));
  const count = inputs.list.length;
  return {
    actions: actions.map((action, index) => ({
      input: index === 0 ? baseIndex : count + index - 1,
      secondaryInput: sources[index] ?? NONE,
      output: index === actions.length - 1 ? 0 : NONE,
      ...actionMessage(action, baseIndex),
    })),
  };
}

function actionMessage(action: FileAction, base: number): llb.FileAction.$Properties {
  if (action.kind === "rm") return { rm: { path: absolute(action.path), allowNotFound: true } };
  const { owner } = action;
  const common = { ...(owner && { owner: ownerMessage(owner, base) }), timestamp: timestamp(action.timestamp) };
  switch (action.kind) {
    case "copy":
      return { copy: { ...copyMessage(action), ...common } };
    case "mkdir":
      return {
        mkdir: { path: absolute(action.path), mode: action.mode & 0o777, makeParents: action.makeParents, ...common },
      };
    case "mkfile":
      return { mkfile: { path: absolute(action.path), mode: action.mode & 0o777, data: action.data, ...common } };
    default:
      return assertNever(action);
  }
}

function copyMessage({ source, to, mode, flags, ...action }: CopyAction): llb.FileActionCopy.$Properties {
  const { attemptUnpack, ...rest } = flags;
  return {
    src: absolute(source),
    dest: target(to),
    mode: mode ?? NONE,
    ...rest,
    attemptUnpackDockerCompatibility: attemptUnpack,
    includePatterns: [...action.include],
    excludePatterns: [...action.exclude],
    requiredPaths: [...action.required],
  };
}

/** Zero would mean 1970 and mode 000: what is to be kept is -1. */
function timestamp(nanoseconds: bigint | undefined): Int64 {
  return nanoseconds === undefined ? NONE : toInt64(nanoseconds);
}

function absolute(path: string): string {
  return posix.resolve("/", path);
}

/** A target keeps its last slash or dot, which say "into this directory". */
function target(path: string): string {
  const clean = absolute(path);
  if (path.endsWith("/.")) return clean === "/" ? "/." : `${clean}/.`;
  return path.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}

function ownerMessage({ user, group }: Owner, base: number): llb.ChownOpt.$Properties {
  return { user: userMessage(user, base), ...(group !== undefined && { group: userMessage(group, base) }) };
}

function userMessage(user: number | string, base: number): llb.UserOpt.$Properties {
  return typeof user === "number" ? { byId: user } : { byName: { name: user, input: base } };
}
