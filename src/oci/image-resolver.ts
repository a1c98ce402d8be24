import type { ImageConfig } from "./image-config.ts";
import type { Platform } from "./platform.ts";

/** An image that has been looked up: where it really is, and what it brings along. */
export type ResolvedImage = Readonly<{
  /** The normalized reference, pinned to `digest` where the resolver knows one. */
  reference: string;
  digest?: string;
  config: ImageConfig;
}>;

/** Looks an image up for one platform. Implemented by the gateway client, and by a fixed table offline. */
export interface ImageResolver {
  /** @throws whatever the look-up failed with; the caller adds which base it was for. */
  resolveImage(reference: string, platform: Platform): Promise<ResolvedImage>;
}
