import { UserError } from "../diagnostic/user-error.ts";
import type { BaseImage } from "../emit/base-images.ts";
import { IGNORE_FILE, readIgnoreFile } from "../facts/ignore-file.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { embed } from "../llb/embed.ts";
import { http } from "../llb/http.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import { ociLayout } from "../llb/oci-layout.ts";
import type { Output } from "../llb/vertex.ts";
import { type ImageConfig, ImageConfigError } from "../oci/image-config.ts";
import { normalizeReference } from "../oci/image-reference.ts";
import type { Platform } from "../oci/platform.ts";
import { shorten, withoutCredentials } from "../util/mask.ts";
import { parseGitReference } from "./git-reference.ts";
import { gitRoot } from "./git-root.ts";

/** A named context of a build: the key that it was given by, and what it is said to be. */
export type NamedContext = Readonly<{
  /** The name, for some platforms with `::PLATFORM`. */
  name: string;
  value: string;
  sessionOf: (local: string) => string;
  /** What the client knows its directory by, so that what was sent before can be used again. */
  sharedKey?: string;
  /** What another build says of its result (`input-metadata:NAME`), as JSON. */
  metadataOf: (input: string) => string | undefined;
  /** The paths that are used of it; none is all of it. */
  usedPaths: readonly string[];
}>;

/**
 * The filesystem, and the configuration if it is an image, that a named context stands for
 * (BuildKit `frontend/dockerui/namedcontext.go`).
 * @throws UserError when what it is said to be is not understood.
 */
export async function openNamedContext(
  client: GatewayClient,
  platform: Platform,
  context: NamedContext,
): Promise<BaseImage> {
  const { name, value } = context;
  const repository = gitReference(context);
  const label = `[context ${name}]`;
  if (repository !== undefined) {
    return asImage(gitRoot(await client.caps, repository, `${label} load git source`), name, platform);
  }
  const [, scheme = "", rest = ""] = /^([a-z-]+):(.*)$/s.exec(value) ?? [];
  switch (scheme) {
    case "docker-image": {
      const reference = rest.replace(/^\/\//, "");
      if (reference === "scratch") throw misunderstood(context, "scratch has no files, and no Python");
      return client.resolveImage(normalizeReference(reference), platform, { context: name });
    }
    case "oci-layout":
      return layoutImage(client, platform, context, rest.replace(/^\/\//, ""));
    case "http":
    case "https":
      return asImage(
        http({ url: value, filename: "context", name: `${label} ${withoutCredentials(value)}` }),
        name,
        platform,
      );
    case "local":
      return asImage(await clientDirectory(client, context, rest), name, platform);
    case "input":
      return inputImage(client, platform, context, rest);
    default:
      throw misunderstood(context, "it is neither an image nor an OCI layout, a directory, a git repository or a URL");
  }
}

function gitReference(context: NamedContext): ReturnType<typeof parseGitReference> {
  try {
    return parseGitReference(context.value);
  } catch (error) {
    if (error instanceof RangeError) throw misunderstood(context, error.message);
    throw error;
  }
}

/** A filesystem that has no configuration of its own. */
function asImage(root: Output, reference: string, { os, architecture, variant }: Platform): BaseImage {
  return { reference, config: { os, architecture, ...(variant !== undefined && { variant }) }, root };
}

async function layoutImage(
  client: GatewayClient,
  platform: Platform,
  context: NamedContext,
  layout: string,
): Promise<BaseImage> {
  const [, store = "", digest = ""] = /^([^@:]+)(?::[^@/]+)?@(sha256:[0-9a-f]{64})$/.exec(layout) ?? [];
  if (store === "") throw misunderstood(context, "an OCI layout needs the digest of the image");
  const sessionId = context.sessionOf(store);
  // The name is for messages; the digest tells which image is meant.
  const known = `${normalizeReference(context.name.replace(/::.*$/, ""))}@${digest}`;
  const image = await client.resolveImage(known, platform, { context: context.name, layout: { store, sessionId } });
  const name = `[context ${context.name}] OCI load from client`;
  return { ...image, root: ociLayout({ reference: image.reference, store, sessionId, platform, name }), isImage: true };
}

async function clientDirectory(client: GatewayClient, context: NamedContext, directory: string): Promise<Output> {
  const { name, sharedKey } = context;
  const sessionId = context.sessionOf(directory);
  const hint = `context:${name}`;
  const ignoreFile = local({
    local: directory,
    sessionId,
    followPaths: [IGNORE_FILE],
    sharedKeyHint: `${hint}-${IGNORE_FILE}`,
    differ: "none",
    name: `[context ${name}] load ${IGNORE_FILE}`,
  });
  const reference = await client.solve({ definition: marshal(ignoreFile) });
  const { rules } = await readIgnoreFile((path) => reference.readText(path), [IGNORE_FILE]);
  return local({
    local: directory,
    sessionId,
    followPaths: context.usedPaths,
    excludePatterns: rules.map(({ pattern }) => pattern),
    sharedKeyHint: sharedKey === undefined ? hint : `${hint}-${sharedKey}`,
    name: `[context ${name}] load from client`,
  });
}

async function inputImage(
  client: GatewayClient,
  platform: Platform,
  context: NamedContext,
  input: string,
): Promise<BaseImage> {
  const definition = (await client.inputs()).get(input);
  if (definition === undefined) throw misunderstood(context, `the build was not given the input "${input}"`);
  const root = embed(definition);
  const config = await imageConfigOf(context, context.metadataOf(input));
  const image = asImage(root, context.name, platform);
  return config === undefined ? image : { ...image, config, isImage: true };
}

/** JSON whose values are in base64, as clients pass the metadata of a result on. */
async function imageConfigOf(context: NamedContext, metadata: string | undefined): Promise<ImageConfig | undefined> {
  if (metadata === undefined) return undefined;
  try {
    const known: unknown = JSON.parse(metadata);
    const config =
      typeof known === "object" && known !== null && "containerimage.config" in known && known["containerimage.config"];
    if (typeof config !== "string") return undefined;
    const { parseImageConfig } = await import("../oci/parse-image-config.ts");
    return parseImageConfig(Buffer.from(config, "base64").toString());
  } catch (error) {
    if (error instanceof ImageConfigError) throw misunderstood(context, error.message);
    throw misunderstood(context, "the metadata of its image is not JSON");
  }
}

function misunderstood({ name, value }: NamedContext, why: string): UserError {
  return new UserError({
    code: "option.invalid",
    message: `--build-context ${name}=${shorten(withoutCredentials(value))}: ${why}`,
    help: "pass a directory, a git or http URL, docker-image://IMAGE, oci-layout://DIRECTORY@DIGEST, or target:NAME of bake",
  });
}
