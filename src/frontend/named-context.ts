import { UserError } from "../diagnostic/user-error.ts";
import type { BaseImage, BaseResolver } from "../emit/base-images.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { local } from "../llb/local.ts";
import { familiarReference, normalizeReference } from "../oci/image-reference.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";

/** The contexts of a build besides the main one, by name, as `--build-context` gives them. */
export type NamedContexts = ReadonlyMap<string, string>;

/**
 * Looks up images, and named contexts that stand in for them (BuildKit `frontend/dockerui/namedcontext.go`): one for
 * the platform (`NAME::linux/amd64`) before one for all.
 */
export function baseResolver(client: GatewayClient, contexts: NamedContexts, sessionId: string): BaseResolver {
  return {
    resolveImage: async (name, platform) => {
      const familiar = familiarReference(name);
      const value = contexts.get(`${familiar}::${formatPlatform(platform)}`) ?? contexts.get(familiar);
      if (value === undefined) return client.resolveImage(normalizeReference(name), platform);
      return namedContext({ name: familiar, value, sessionId }, client, platform);
    },
  };
}

type Named = Readonly<{ name: string; value: string; sessionId: string }>;

function namedContext(
  { name, value, sessionId }: Named,
  client: GatewayClient,
  platform: Platform,
): Promise<BaseImage> {
  const [, scheme = "", rest = ""] = /^([a-z-]+):(.*)$/s.exec(value) ?? [];
  if (scheme === "docker-image") return client.resolveImage(normalizeReference(rest.replace(/^\/\//, "")), platform);
  if (scheme === "local") {
    const root = local({
      local: rest,
      sessionId,
      sharedKeyHint: `context:${name}`,
      name: `[context ${name}] load from client`,
    });
    return Promise.resolve({ reference: name, config: { ...platform }, root });
  }
  throw new UserError({
    code: "option.unsupported",
    message: `the build context ${name} comes from "${value.slice(0, 80)}", which is not supported`,
    help: "use docker-image://IMAGE or a local directory",
  });
}
