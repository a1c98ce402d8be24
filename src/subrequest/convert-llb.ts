import type { Definition } from "../llb/definition.ts";
import { digestOf } from "../llb/digest.ts";
import { llb } from "../pb/generated.js";
import type { Answer } from "./answer.ts";
import { SUBREQUESTS } from "./describe.ts";

/** The build graph as JSON (BuildKit `frontend/subrequests/convertllb`): ops by their digests, as protojson writes them. */
export function convertLlb({ def, metadata, source }: Definition): Answer {
  const json = {
    def: Object.fromEntries(def.map((bytes) => [digestOf(bytes), toJson(llb.Op.decode(bytes))])),
    metadata: toJson(metadata),
    ...(source !== undefined && { source: toJson(source) }),
  };
  return { json, text: `${JSON.stringify(json, null, 2)}\n`, version: SUBREQUESTS.convertllb.version };
}

/** The names that BuildKit has for the values of fields that are enums (`solver/pb/ops.proto`); zero is left out. */
export const ENUMS: Readonly<Record<string, Readonly<Record<number, string | undefined>>>> = {
  network: { 1: "HOST", 2: "NONE" },
  security: { 1: "INSECURE" },
  mountType: { 1: "SECRET", 2: "SSH", 3: "CACHE", 4: "TMPFS" },
  sharing: { 1: "PRIVATE", 2: "LOCKED" },
  contentCache: { 1: "ON", 2: "OFF" },
};

/** 64-bit numbers are strings, bytes base64, enums names; what is zero, empty or without a value is left out. */
function toJson(value: unknown, key = ""): unknown {
  if (typeof value === "number" && ENUMS[key] !== undefined) return ENUMS[key]?.[value];
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => toJson(item) ?? null);
  if (typeof value !== "object" || value === null) return isZero(value) ? undefined : value;
  if ("low" in value && "high" in value) return int64(value as Parameters<typeof int64>[0]);
  const entries = Object.entries(value).filter(([name]) => name !== "op");
  return Object.fromEntries(
    entries.flatMap(([name, field]) => {
      const json = toJson(field, name);
      return json === undefined ? [] : [[name, json]];
    }),
  );
}

function isZero(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

function int64({ low, high }: Readonly<{ low: number; high: number }>): string | undefined {
  const number = (BigInt(high) << 32n) | BigInt(low >>> 0);
  return number === 0n ? undefined : String(number);
}
