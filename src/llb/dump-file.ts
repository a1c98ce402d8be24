import type { llb } from "../pb/generated.js";
import { fromInt64, type Int64 } from "../pb/int64.ts";
import { dumpFields, inputName } from "./dump-op.ts";
import { NONE } from "./op-inputs.ts";

/** File actions line by line; an action that does not build on the one before it says on what. */
export function dumpFile({ actions = [] }: llb.FileOp.$Properties, inputs: readonly string[]): readonly string[] {
  const names = [...inputs, ...actions.map((_, index) => `action ${index + 1}`)];
  return actions.flatMap((action, index) => {
    const on = inputName(action.input ?? 0, names);
    const output = fromInt64(action.output ?? 0);
    return [
      ...(index > 0 && on === `action ${index}` ? [] : [`on ${on}`]),
      ...dumpAction(action, names),
      ...(output === BigInt(NONE) || index === actions.length - 1 ? [] : [`-> output ${output}`]),
    ];
  });
}

function dumpAction(action: llb.FileAction.$Properties, names: readonly string[]): readonly string[] {
  const { copy, mkdir, mkfile, rm, symlink } = action;
  const from = inputName(action.secondaryInput ?? 0, names);
  return [
    ...(copy ? [`copy ${copy.src} of ${from} to ${copy.dest} ${copyDetails(copy, names)}`.trimEnd()] : []),
    ...(mkdir ? [`mkdir ${mkdir.path} ${details(mkdir, ["path"], names)}`.trimEnd()] : []),
    ...(mkfile ? [`mkfile ${mkfile.path} ${details(mkfile, ["path", "data"], names)}`.trimEnd(), ...text(mkfile)] : []),
    ...(rm ? [`rm ${rm.path} ${dumpFields(rm, ["path"])}`.trimEnd()] : []),
    ...(symlink ? [`symlink ${symlink.newpath} to ${symlink.oldpath}`] : []),
  ];
}

const USUAL = ["followSymlink", "dirCopyContents", "createDestPath", "allowWildcard", "allowEmptyWildcard"] as const;

/** The flags that every COPY of a Dockerfile sets are summed up, if all of them are set. */
function copyDetails(copy: llb.FileActionCopy.$Properties, names: readonly string[]): string {
  const usual = USUAL.every((flag) => copy[flag]);
  const rest = details(copy, ["src", "dest", ...(usual ? USUAL : [])], names);
  return `${usual ? "as COPY" : ""} ${rest}`.trim();
}

type Details = Readonly<{ mode?: number; timestamp?: Int64; owner?: llb.ChownOpt.$Properties }>;

function details(action: Details, shown: readonly string[], names: readonly string[]): string {
  const { mode = 0, timestamp = 0, owner } = action;
  return [
    ...(mode === NONE ? [] : [`mode=${mode.toString(8).padStart(4, "0")}`]),
    ...(fromInt64(timestamp) === BigInt(NONE) ? [] : [`timestamp=${fromInt64(timestamp)}`]),
    ...(owner ? [`owner=${[owner.user, owner.group].flatMap((user) => userName(user, names)).join(":")}`] : []),
    dumpFields(action, [...shown, "mode", "timestamp", "owner"]),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function userName(user: llb.UserOpt.$Properties | undefined, names: readonly string[]): readonly string[] {
  if (user?.byName) return [`${user.byName.name} of ${inputName(user.byName.input ?? 0, names)}`];
  return user ? [String(user.byId ?? 0)] : [];
}

function text({ data = new Uint8Array() }: llb.FileActionMkFile.$Properties): readonly string[] {
  const lines = new TextDecoder().decode(data).split("\n");
  return lines.map((line) => (/[\p{Cc}\uFFFD]/u.test(line) ? `| ${JSON.stringify(line)}` : `| ${line}`.trimEnd()));
}
