import type { Method, Request, Response } from "../../src/gateway/rpc.ts";
import type { Status } from "../../src/gateway/status.ts";
import type { Definition } from "../../src/llb/definition.ts";
import { definitionMessage, resultInput, toDefinition } from "../../src/llb/definition.ts";
import { digestOf } from "../../src/llb/digest.ts";
import type { ImageConfig } from "../../src/oci/image-config.ts";
import { llb, type moby } from "../../src/pb/generated.js";
import { fromInt64 } from "../../src/pb/int64.ts";
import { ENGINE_20_API_CAPS, ENGINE_20_LLB_CAPS } from "./capability-lists.ts";

/** What the fake has to offer. */
export type FakeBridgeContent = Readonly<{
  apiCaps?: readonly string[];
  llbCaps?: readonly string[];
  /** The files of local sources: by the local's name, by path without a leading slash. */
  locals?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The files of other results: by the identifier of the source, or else by the name of the op, that makes them. */
  results?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Image configs by reference. */
  images?: Readonly<Record<string, ImageConfig>>;
  inputs?: Readonly<Record<string, Definition>>;
  /** Answer Solve in the form of daemons from before 0.7. */
  legacyResults?: boolean;
}>;

/** A message to be sent back, or the status of a failure. */
export type Answer<M extends Method> = Readonly<{ message: Partial<Response<M>> }> | Status;

/** Answers calls from the tables. A reference holds files if a table has those of the op that makes it. */
export function answerer(content: FakeBridgeContent): (method: Method, request: unknown) => Answer<Method> {
  const filesByRef = new Map<string, Readonly<Record<string, string>>>();

  function read(ref: string | undefined, path: string | undefined): string | undefined {
    return filesByRef.get(ref ?? "")?.[normal(path)];
  }

  const answers: { readonly [M in Method]: (request: Request<M>) => object } = {
    Ping: () =>
      ok({
        frontendApiCaps: caps(content.apiCaps ?? ENGINE_20_API_CAPS),
        llbCaps: caps(content.llbCaps ?? ENGINE_20_LLB_CAPS),
      }),
    Inputs: () => {
      const inputs = Object.entries(content.inputs ?? {}).map(([name, input]) => [name, definitionMessage(input)]);
      return ok({ definitions: Object.fromEntries(inputs) });
    },
    Solve: ({ definition }) => {
      const id = `ref-${filesByRef.size + 1}`;
      filesByRef.set(id, filesOf(content, toDefinition(definition ?? {})));
      return ok(content.legacyResults ? { ref: id } : { result: { ref: { id } } });
    },
    ReadFile: ({ ref, filePath, range }) => {
      const text = read(ref, filePath);
      if (text === undefined) return missing("open", filePath);
      const bytes = Buffer.from(text);
      const offset = Number(fromInt64(range?.offset ?? 0));
      return ok({ data: range ? bytes.subarray(offset, offset + Number(fromInt64(range.length ?? 0))) : bytes });
    },
    ReadDir: ({ ref, dirPath }) => {
      const entries = childrenOf(Object.keys(filesByRef.get(ref ?? "") ?? {}), normal(dirPath));
      return entries.length > 0 || normal(dirPath) === "" ? ok({ entries }) : missing("open", dirPath);
    },
    StatFile: ({ ref, path }) => {
      const text = read(ref, path);
      const isDirectory = childrenOf(Object.keys(filesByRef.get(ref ?? "") ?? {}), normal(path)).length > 0;
      if (text === undefined && !isDirectory) return missing("lstat", path);
      return ok({ stat: { path, mode: isDirectory ? DIRECTORY_MODE : 0o644, size: Buffer.byteLength(text ?? "") } });
    },
    ResolveImageConfig: ({ ref = "" }) => {
      const image = imageAnswer(content.images?.[ref]);
      return image ? ok({ ...image, ref }) : notFound(ref);
    },
    ResolveSourceMeta: ({ source }) => {
      const { identifier = "" } = source ?? {};
      const ref = identifier.replace(/^(?:docker-image|oci-layout):\/\//, "");
      const image = imageAnswer(content.images?.[ref]);
      return image ? ok({ source: { identifier }, image }) : notFound(ref);
    },
    Warn: () => ok({}),
    Return: () => ok({}),
  };
  return (method, request) => answers[method](request as never) as Answer<Method>;
}

const DIRECTORY_MODE = 2 ** 31 + 0o755;

function ok(message: object): object {
  return { message };
}

function missing(call: string, path = ""): Status {
  return { code: 2, message: `${call} ${path}: no such file or directory`, details: [] };
}

function notFound(ref: string): Status {
  return { code: 2, message: `${ref}: not found`, details: [] };
}

function caps(ids: readonly string[]): readonly moby.buildkit.v1.apicaps.APICap.$Properties[] {
  return ids.map((id) => ({ id, enabled: true }));
}

function normal(path = ""): string {
  return path.replace(/^(?:\.?\/)+|^\.$/, "").replace(/\/+$/, "");
}

function childrenOf(paths: readonly string[], directory: string): readonly { path: string; mode: number }[] {
  const prefix = directory === "" ? "" : `${directory}/`;
  const rest = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const names = new Map(rest.map((path) => [path.split("/", 1).join(), path.includes("/")]));
  return [...names].sort().map(([path, nested]) => ({ path, mode: nested ? DIRECTORY_MODE : 0o644 }));
}

function imageAnswer(config: ImageConfig | undefined): { digest: string; config: Uint8Array } | undefined {
  const bytes = config && Buffer.from(JSON.stringify(config));
  return bytes && { digest: digestOf(bytes), config: bytes };
}

/** The files of a result: of a local source, of another source, or of an op by its name. */
function filesOf({ locals, results }: FakeBridgeContent, definition: Definition): Readonly<Record<string, string>> {
  if (definition.def.length === 0) return {};
  const { digest } = resultInput(definition);
  const bytes = definition.def.find((candidate) => digestOf(candidate) === digest);
  const identifier = bytes && llb.Op.decode(bytes).source?.identifier;
  const name = definition.metadata[digest]?.description?.["llb.customname"];
  return (
    locals?.[identifier?.replace("local://", "") ?? ""] ?? results?.[identifier ?? ""] ?? results?.[name ?? ""] ?? {}
  );
}
