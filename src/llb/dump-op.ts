import type { llb } from "../pb/generated.js";
import { fromInt64, type Int64 } from "../pb/int64.ts";
import { sortedMapKeys } from "../pb/sorted-map-keys.ts";
import { dumpExec } from "./dump-exec.ts";
import { dumpFile } from "./dump-file.ts";
import { NONE } from "./op-inputs.ts";

/** The label of an op by its digest. */
export type Label = (digest: string) => string;

/** What an op says, line by line; its inputs by their labels. */
export function dumpOp(op: llb.Op, label: Label): readonly string[] {
  const inputs = op.inputs.map((input) => {
    const index = fromInt64(input.index);
    return index === 0n ? label(input.digest) : `${label(input.digest)} output ${index}`;
  });
  return [
    ...(op.platform ? [`platform: ${dumpPlatform(op.platform)}`] : []),
    ...(op.source ? dumpSource(op.source) : []),
    ...(op.exec ? dumpExec(op.exec, inputs) : []),
    ...(op.file ? dumpFile(op.file, inputs) : []),
    ...(op.merge ? op.merge.inputs.map(({ input = 0 }) => `merge ${inputName(input, inputs)}`) : []),
    ...(op.diff ? dumpDiff(op.diff, inputs) : []),
    ...(op.op ? [] : inputs),
  ];
}

/** The name of an input by its index; -1 is an empty filesystem. */
export function inputName(index: Int64, inputs: readonly string[]): string {
  const number = Number(fromInt64(index));
  return number === NONE ? "scratch" : (inputs[number] ?? `input ${number}`);
}

/** The fields of a message that are set, on one line, after leaving out some. */
export function dumpFields(message: object, without: readonly string[] = []): string {
  return Object.entries(message)
    .filter(([key, value]) => !without.includes(key) && !isEmpty(value))
    .map(([key, value]) => (value === true ? key : `${key}=${dumpValue(value)}`))
    .join(" ");
}

function dumpPlatform({ os, architecture, variant }: llb.Platform.$Properties): string {
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}

function dumpSource({ identifier = "", attrs = {} }: llb.SourceOp.$Properties): readonly string[] {
  return [identifier, ...sortedMapKeys(attrs).map((key) => `${key} = ${attrs[key]}`)];
}

function dumpDiff({ lower, upper }: llb.DiffOp.$Properties, inputs: readonly string[]): readonly string[] {
  return [`diff from ${inputName(lower?.input ?? 0, inputs)} to ${inputName(upper?.input ?? 0, inputs)}`];
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === 0 || value === false || value == null || (Array.isArray(value) && !value.length);
}

function dumpValue(value: unknown): string {
  if (typeof value === "object" && value !== null && "low" in value) return String(fromInt64(value as Int64));
  if (typeof value === "string") return /^[\w/.:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}
