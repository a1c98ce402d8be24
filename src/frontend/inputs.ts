import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { BuildFileSource } from "../emit/llb-step.ts";
import type { ContextReader } from "../facts/context-reader.ts";
import { IGNORE_FILE, type IgnoreFile, readIgnoreFile } from "../facts/ignore-file.ts";
import { neighbourFiles } from "../facts/neighbour-files.ts";
import type { ProjectLocation } from "../facts/project-location.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { GatewayError } from "../gateway/gateway-error.ts";
import type { Reference } from "../gateway/reference.ts";
import { definitionHead } from "../llb/definition.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import type { Output } from "../llb/vertex.ts";
import { DEFAULT_FILENAME } from "./build-opts.ts";
import { contextFiles } from "./context-files.ts";
import type { ContextOpts } from "./context-opts.ts";
import { locateProject } from "./locate-project.ts";
import { type ClientTree, type FileTree, openMainContext } from "./main-context.ts";

/** What a build reads before it can plan. */
export type Inputs = Readonly<{
  source: SourceText;
  /** The digest of the vertex that the build file came from: what warnings are attached to. */
  sourceVertex: string;
  context: ContextReader;
  tree: FileTree;
  location: ProjectLocation;
  buildFile: BuildFileSource;
  /** Whether the build file is not among the files of the context, and stands in for one there. */
  isFromElsewhere: boolean;
  /** The ignore file; undefined where nothing is left out of the context. */
  ignore: IgnoreFile | undefined;
  warnings: readonly Diagnostic[];
}>;

/** What clients call a build file that was typed in. */
const TYPED_IN = "Dockerfile";

/**
 * Reads the build file and its neighbours in the context, at the same time.
 * @throws UserError when there is no build file, it is empty, or the context has it more than once.
 */
export async function readInputs(client: GatewayClient, opts: ContextOpts): Promise<Inputs> {
  try {
    return await readFrom(client, opts);
  } catch (error) {
    // A client that hands graphs in without naming them has no directories to offer (`buildx bake URL`).
    if (opts.mayHaveInputs || opts.url !== "" || !(error instanceof GatewayError)) throw error;
    if ((await client.inputs()).size === 0) throw error;
    return readFrom(client, { ...opts, mayHaveInputs: true });
  }
}

async function readFrom(client: GatewayClient, opts: ContextOpts): Promise<Inputs> {
  const { filename } = opts;
  const ignoreFile = `${filename}${IGNORE_FILE}`;
  const { context: tree, buildFile: home } = await openMainContext(client, opts);
  const root = home.kind === "graph" ? home.root : buildFileDirectory(home, filename, ignoreFile);
  const definition = marshal(root);
  const expected = expectedPath(opts, tree);
  const location = locationOf(expected);
  const others = [`${expected}${IGNORE_FILE}`, IGNORE_FILE, ...neighbourFiles(location)];
  const context = contextFiles(client, tree, { first: expected, others });
  const own = tree === home ? undefined : client.solve({ definition });
  const [found, inContext] = await Promise.all([
    own?.then((reference) => readBuildFile(reference, filename)),
    context.readText(expected),
  ]);
  const isOnlyInContext = found === undefined && tree.kind === "graph" && !opts.ownBuildFile;
  const file = isOnlyInContext && inContext !== undefined ? { text: inContext, path: expected } : found;
  if (file === undefined) throw missingBuildFile(filename);
  const isInContext = file.text === inContext;
  // What was typed in has no place, and a filesystem of the graph is what it is.
  const hasNoPlace = opts.ownBuildFile || file.path !== filename || tree.kind === "graph" || home.kind === "graph";
  const search = (): Promise<Reference> => searchContext(client, tree, filename);
  const place = isInContext
    ? location
    : hasNoPlace
      ? locationOf(filename)
      : await locateProject({ filename, text: file.text }, search);
  return {
    // A byte order mark is a problem of the project, and reported with it.
    source: { filename, text: file.text },
    sourceVertex: definitionHead(definition),
    context,
    tree,
    location: place ?? locationOf(filename),
    buildFile: { root: isOnlyInContext ? tree.root : root, path: file.path },
    isFromElsewhere: !isInContext && (hasNoPlace || place === undefined),
    warnings: place === undefined ? [notInContext(filename)] : [],
    // Next to the build file, or else in the context. Only directories of clients are filtered.
    ignore:
      tree.kind === "graph"
        ? undefined
        : await readIgnoreFile(
            async (path) =>
              path === ignoreFile && !isInContext ? (await own)?.readText(path) : context.readText(path),
            [isInContext ? `${expected}${IGNORE_FILE}` : ignoreFile, IGNORE_FILE],
          ),
  };
}

/** Where in the context the build file is looked for first. */
function expectedPath({ filename, subdirectory, directoryHint }: ContextOpts, tree: FileTree): string {
  if (tree.kind === "client") return directoryHint === "" ? filename : `${directoryHint}/${filename}`;
  const prefix = subdirectory === "" ? "" : `${subdirectory}/`;
  return filename.startsWith(prefix) ? filename.slice(prefix.length) : filename;
}

function buildFileDirectory({ local: name, sessionId }: ClientTree, filename: string, ignoreFile: string): Output {
  return local({
    local: name,
    sessionId,
    followPaths: [filename, ignoreFile, ...(filename === DEFAULT_FILENAME ? [TYPED_IN] : [])],
    sharedKeyHint: name,
    differ: "none",
    name: `[internal] load build definition from ${filename}`,
  });
}

type BuildFile = Readonly<{ text: string; path: string }>;

async function readBuildFile(reference: Reference, filename: string): Promise<BuildFile | undefined> {
  const text = await reference.readText(filename);
  if (text !== undefined) return { text, path: filename };
  const typedIn = filename === DEFAULT_FILENAME ? await reference.readText(TYPED_IN) : undefined;
  // A real Dockerfile next to no pyproject.toml is not what was meant.
  return typedIn === undefined || /^FROM\s/im.test(typedIn) ? undefined : { text: typedIn, path: TYPED_IN };
}

function missingBuildFile(filename: string): UserError {
  return new UserError({
    code: "context.build-file",
    message: `there is no ${filename}`,
    help: "name the build file with -f, and pass the directory that has it as the build context",
  });
}

/** As with a Dockerfile it is no mistake. But nobody who forgot where the project is should have to guess. */
function notInContext(filename: string): Diagnostic {
  return {
    code: "context.build-file",
    message: `the ${filename} given with -f is not in the build context: microb uses it for the project at the root of the context`,
    help: "pass a build context that contains the project: docker build -f path/to/pyproject.toml path/to",
  };
}

function locationOf(filename: string): ProjectLocation {
  const parts = filename.split("/");
  return { directory: parts.slice(0, -1).join("/"), buildFile: parts.at(-1) ?? filename };
}

const SEARCH_DEPTHS: readonly number[] = [1, 2, 3, 4, 5, 6];

/** All files of the context that are called like the build file. */
function searchContext(client: GatewayClient, tree: FileTree, filename: string): Promise<Reference> {
  if (tree.kind === "graph") return client.solve({ definition: marshal(tree.root) });
  const { buildFile } = locationOf(filename);
  const search = local({
    local: tree.local,
    sessionId: tree.sessionId,
    // Docker 20.10 does not know `**`, and newer engines do not mind the rest.
    includePatterns: [`**/${buildFile}`, ...SEARCH_DEPTHS.map((depth) => `${"*/".repeat(depth)}${buildFile}`)],
    sharedKeyHint: `${tree.local}-search`,
    name: `[internal] look for ${buildFile} in the build context`,
  });
  return client.solve({ definition: marshal(search) });
}
