import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { BuildFileSource } from "../emit/llb-step.ts";
import type { ContextReader } from "../facts/context-reader.ts";
import { IGNORE_FILE, parseIgnoreFile } from "../facts/ignore-file.ts";
import { neighbourFiles } from "../facts/neighbour-files.ts";
import type { ProjectLocation } from "../facts/project-location.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { Reference } from "../gateway/reference.ts";
import { definitionHead } from "../llb/definition.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import { locateProject } from "./locate-project.ts";

/** What a build reads before it can plan. */
export type Inputs = Readonly<{
  source: SourceText;
  /** The digest of the vertex that the build file came from: what warnings are attached to. */
  sourceVertex: string;
  context: ContextReader;
  location: ProjectLocation;
  buildFile: BuildFileSource;
  /** The patterns of the ignore file. */
  ignore: readonly string[];
}>;

/** Where inputs come from. */
export type InputOptions = Readonly<{ sessionId: string; filename: string }>;

/** The names by which clients offer the directory of the build file, and the build context. */
const BUILD_FILE_LOCAL = "dockerfile";
export const CONTEXT_LOCAL = "context";

/**
 * Reads the build file and its neighbours in the context, at the same time.
 * @throws UserError when there is no build file, or it cannot be found in the context.
 */
export async function readInputs(client: GatewayClient, { sessionId, filename }: InputOptions): Promise<Inputs> {
  const ownIgnoreFile = `${filename}${IGNORE_FILE}`;
  const root = local({
    local: BUILD_FILE_LOCAL,
    sessionId,
    followPaths: [filename, ownIgnoreFile],
    sharedKeyHint: BUILD_FILE_LOCAL,
    differ: "none",
    name: `[internal] load build definition from ${filename}`,
  });
  const definition = marshal(root);
  const context = contextReader(client, sessionId, [filename, IGNORE_FILE, ...neighbourFiles(locationOf(filename))]);
  const [own, inContext, contextIgnore] = await Promise.all([
    client.solve({ definition }).then((reference) => readBoth(reference, filename, ownIgnoreFile)),
    context.readText(filename),
    context.readText(IGNORE_FILE),
  ]);
  if (own.text === undefined) throw missingBuildFile(filename);
  const { text } = own;
  return {
    source: sourceText(filename, text),
    sourceVertex: definitionHead(definition),
    context,
    buildFile: { root, path: filename },
    location:
      text === inContext
        ? locationOf(filename)
        : await locateProject({ filename, text }, () => searchContext(client, sessionId, filename)),
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
          name: `[internal] load ${paths.length > 1 ? "the neighbours of the build file" : paths[0]}`,
        }),
      ),
    });
  const neighbours = transfer(likely);
  return {
    readText: async (path) => {
      if (!likely.includes(path)) return (await transfer([path])).readText(path);
      const reference = await neighbours;
      // Most of them are not there: one call tells which are.
      return (await hasFile(reference, path)) ? reference.readText(path) : undefined;
    },
  };
}

async function hasFile(reference: Reference, path: string): Promise<boolean> {
  const parts = path.split("/");
  const name = parts.pop();
  return (await reference.list(parts.join("/"))).some((entry) => entry.name === name);
}

function missingBuildFile(filename: string): UserError {
  return new UserError({
    code: "context.build-file",
    message: `there is no ${filename}`,
    help: "name the build file with -f, and pass the directory that has it as the build context",
  });
}

function locationOf(filename: string): ProjectLocation {
  const parts = filename.split("/");
  return { directory: parts.slice(0, -1).join("/"), buildFile: parts.at(-1) ?? filename };
}

const SEARCH_DEPTHS: readonly number[] = [1, 2, 3, 4, 5, 6];

/** All files of the context that are called like the build file. */
function searchContext(client: GatewayClient, sessionId: string, filename: string): Promise<Reference> {
  const { buildFile } = locationOf(filename);
  const search = local({
    local: CONTEXT_LOCAL,
    sessionId,
    // Docker 20.10 does not know `**`, and newer engines do not mind the rest.
    includePatterns: [`**/${buildFile}`, ...SEARCH_DEPTHS.map((depth) => `${"*/".repeat(depth)}${buildFile}`)],
    sharedKeyHint: `${CONTEXT_LOCAL}-search`,
    name: `[internal] look for ${buildFile} in the build context`,
  });
  return client.solve({ definition: marshal(search) });
}
