import type { Reference } from "../gateway/reference.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";

/** What was built for one platform. */
export type PlatformBuild = Readonly<{
  reference: Reference;
  config: ImageConfig;
  platform: Platform;
  /** Labels of the command line: they beat all others. */
  labels: ReadonlyMap<string, string>;
}>;

/** The result as exporters read it (BuildKit `exporter/containerimage/exptypes` and `frontend/dockerui/build.go`). */
export function assembleResult({ reference, config, platform, labels }: PlatformBuild): BuildResult {
  const labelled = { ...config, config: { ...config.config, Labels: merged(config.config?.Labels, labels) } };
  return {
    refs: reference,
    metadata: {
      "containerimage.config": JSON.stringify(labelled),
      "refs.platforms": JSON.stringify({ Platforms: [{ ID: formatPlatform(platform), Platform: platform }] }),
    },
  };
}

function merged(
  own: Readonly<Record<string, string>> = {},
  given: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new Map([...Object.entries(own), ...given])].sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
