import type { CacheImport, GatewayClient } from "../gateway/gateway-client.ts";
import { marshal } from "../llb/marshal.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { PlatformImage } from "./emit-images.ts";

/** How an image is checked: on which machine, and with which caches. */
export type StartCheckOptions = Readonly<{ buildPlatform: Platform; cacheImports: readonly CacheImport[] }>;

/**
 * Runs the check of what a container of the image starts, beside the build of it.
 * @throws GatewayError if it fails. An image for another machine is not looked at: it would take an emulator.
 */
export async function checkImageStart(
  client: GatewayClient,
  { start, platform }: PlatformImage,
  { buildPlatform, cacheImports }: StartCheckOptions,
): Promise<void> {
  if (formatPlatform(platform) !== formatPlatform(buildPlatform)) return;
  const reference = await client.solve({ definition: marshal(start), cacheImports, evaluate: true });
  const { api } = await client.caps;
  // Older daemons pass over the wish, and solve when they are asked for something.
  if (!api.has("gateway.solve.evaluate")) await reference.list("");
}
