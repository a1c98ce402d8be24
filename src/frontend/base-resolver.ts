import type { BaseImage, BaseResolver } from "../emit/base-images.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { familiarReference, normalizeReference } from "../oci/image-reference.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { usedPaths } from "../plan/used-paths.ts";
import type { ContextOpts } from "./context-opts.ts";
import { openNamedContext } from "./named-context.ts";

/**
 * Looks up images, and named contexts that stand in for them: one for the platform (`NAME::linux/amd64`) before one for
 * all (BuildKit `frontend/dockerui/config.go`, `NamedContext`). Each is opened once.
 */
export function baseResolver(client: GatewayClient, contexts: ContextOpts, plan: ImagePlan): BaseResolver {
  const opened = new Map<string, Promise<BaseImage>>();

  function open(name: string, value: string, platform: Platform, paths: readonly string[]): Promise<BaseImage> {
    const key = `${name} ${formatPlatform(platform)}`;
    const sharedKey = contexts.sharedKeyOf(name);
    const image =
      opened.get(key) ??
      openNamedContext(client, platform, {
        ...contexts,
        name,
        value,
        usedPaths: paths,
        ...(sharedKey !== undefined && { sharedKey }),
      });
    opened.set(key, image);
    return image;
  }

  return {
    resolveImage(name, platform) {
      const familiar = familiarReference(name);
      for (const key of [`${familiar}::${formatPlatform(platform)}`, familiar]) {
        const value = contexts.named.get(key);
        if (value !== undefined) return open(key, value, platform, pathsOf(plan, familiar));
      }
      return client.resolveImage(normalizeReference(name), platform);
    },
  };
}

/** Paths that are copied out of an image, whatever way its name is written; all of one that a stage is based on. */
function pathsOf(plan: ImagePlan, name: string): readonly string[] {
  const isMeant = (other: string): boolean => familiarReference(other) === name;
  if (plan.stages.some(({ base }) => isMeant(base))) return [];
  return usedPaths(plan, (from) => from.kind === "image" && isMeant(from.reference));
}
