import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { NEIGHBOUR_FILES } from "../facts/collect-facts.ts";
import type { ContextReader } from "../facts/context-reader.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { Reference } from "../gateway/reference.ts";
import { definitionHead } from "../llb/definition.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import { parseIgnoreFile } from "./ignore-file.ts";

/** What a build reads before it can plan. */
export type Inputs = Readonly<{
  source: SourceText;
  /** The digest of the vertex that the build file came from: what warnings are attached to. */
  sourceVertex: string;
  context: ContextReader;
  /** The patterns of the ignore file. */
  ignore: readonly string[];
}>;

/** Where inputs come from. */
export type InputOptions = Readonly<{ sessionId: string; filename: string }>;

/** The names by which clients offer the directory of the build file, and the build context. */
const BUILD_FILE_LOCAL = "dockerfile";
export const CONTEXT_LOCAL = "context";

const IGNORE_FILE = ".dockerignore";

/**
 * Reads the build file and its neighbours in the context, at the same time.
 * @throws UserError when there is no build file, or it is not the one at the root of the context.
 */
export async function readInputs(client: GatewayClient, { sessionId, filename }: InputOptions): Promise<Inputs> {
  const ownIgnoreFile = `${filename}${IGNORE_FILE}`;
  const buildFile = local({
    local: BUILD_FILE_LOCAL,
    sessionId,
    followPaths: [filename, ownIgnoreFile],
    sharedKeyHint: BUILD_FILE_LOCAL,
    differ: "none",
    name: `[internal] load build definition from ${filename}`,
  });
  const definition = marshal(buildFile);
  const neighbours = contextReader(client, sessionId, [filename, IGNORE_FILE, ...NEIGHBOUR_FILES]);
  const [own, inContext, contextIgnore] = await Promise.all([
    client.solve({ definition }).then((reference) => readBoth(reference, filename, ownIgnoreFile)),
    neighbours.readText(filename),
    neighbours.readText(IGNORE_FILE),
  ]);
  if (own.text === undefined) throw missingBuildFile(filename);
  if (own.text !== inContext) throw foreignBuildFile(filename, inContext !== undefined);
  return {
    source: sourceText(filename, own.text),
    sourceVertex: definitionHead(definition),
    context: neighbours,
    ignore: parseIgnoreFile(own.ignore ?? contextIgnore ?? ""),
  };
}

async function readBoth(
  reference: Reference,
  filename: string,
  ignoreFile: string,
): Promise<Readonly<{ text: string | undefined; ignore: string | undefined }>> {
  const [text, ignore] = await Promise.all([reference.readText(filename), reference.readText(ignoreFile)]);
  return { text, ignore };
}

/** Reads files of the client's context: the likely ones with one transfer, any other with one of its own. */
function contextReader(client: GatewayClient, sessionId: string, likely: readonly string[]): ContextReader {
  const transfer = (paths: readonly string[]): Promise<Reference> =>
    client.solve({
      definition: marshal(
        local({
          local: CONTEXT_LOCAL,
          sessionId,
          followPaths: paths,
          sharedKeyHint: `${CONTEXT_LOCAL}-${IGNORE_FILE}`,
          differ: "none",
          name: `[internal] load ${paths.length > 1 ? IGNORE_FILE : paths[0]}`,
        }),
      ),
    });
  const neighbours = transfer(likely);
  return {
    readText: async (path) => (await (likely.includes(path) ? neighbours : transfer([path]))).readText(path),
  };
}

function missingBuildFile(filename: string): UserError {
  return new UserError({
    code: "context.build-file",
    message: `there is no ${filename}`,
    help: "name the build file with -f, and pass the directory that has it as the build context",
  });
}

function foreignBuildFile(filename: string, another: boolean): UserError {
  return new UserError({
    code: "context.build-file",
    message: another
      ? `the ${filename} at the root of the build context is another one than the one given with -f`
      : `there is no ${filename} at the root of the build context`,
    help: "pass the project's directory as the build context: docker build -f path/to/pyproject.toml path/to",
  });
}
