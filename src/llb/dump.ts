import { llb } from "../pb/generated.js";
import { sortedMapKeys } from "../pb/sorted-map-keys.ts";
import type { Definition } from "./definition.ts";
import { digestOf } from "./digest.ts";
import { dumpFields, dumpOp } from "./dump-op.ts";
import { NAME_KEY } from "./op-metadata.ts";

/**
 * A definition for people and for golden files, read back from its bytes: one block per op. Ops are called by their
 * kind and a number (`exec 2`) instead of their digest, so that a change shows up where it was made and nowhere else.
 */
export function dump(definition: Definition): string {
  const labels = new Map<string, string>();
  const counts = new Map<string, number>();
  const blocks = definition.def.map((bytes) => {
    const op = llb.Op.decode(bytes);
    const digest = digestOf(bytes);
    const kind = opKind(op);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const label = kind === "result" ? kind : `${kind} ${count}`;
    labels.set(digest, label);
    const lines = [
      ...dumpOp(op, (input) => labels.get(input) ?? "unknown op"),
      ...dumpMetadata(definition.metadata[digest] ?? {}),
      ...dumpLocations(definition.source, digest),
    ];
    return [label, ...lines.map((line) => `  ${line}`)].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

function opKind(op: llb.Op): string {
  if (op.source)
    return op.source.identifier.startsWith("docker-image:") ? "image" : op.source.identifier.split(":", 1).join();
  return op.op ?? "result";
}

function dumpMetadata(metadata: llb.OpMetadata.$Properties): readonly string[] {
  const { ignoreCache, description = {}, caps = {}, progressGroup, linuxResources } = metadata;
  return [
    ...sortedMapKeys(description).map(
      (key) => `${key === NAME_KEY ? "name" : key}: ${JSON.stringify(description[key])}`,
    ),
    ...(ignoreCache ? ["ignore cache"] : []),
    ...(progressGroup ? [`progress group: ${JSON.stringify(progressGroup)}`] : []),
    ...(linuxResources ? [`resources: ${dumpFields(linuxResources)}`] : []),
    ...(Object.keys(caps).length > 0 ? [`caps: ${sortedMapKeys(caps).join(" ")}`] : []),
  ];
}

function dumpLocations(source: llb.Source.$Properties | undefined, digest: string): readonly string[] {
  return (source?.locations?.[digest]?.locations ?? []).map(({ sourceIndex = 0, ranges = [] }) => {
    const at = ranges.map(({ start, end }) => `${position(start)}-${position(end)}`);
    return `from ${source?.infos?.[sourceIndex]?.filename} ${at.join(", ")}`;
  });
}

function position({ line = 0, character = 0 }: llb.Position.$Properties = {}): string {
  return `${line}:${character}`;
}
