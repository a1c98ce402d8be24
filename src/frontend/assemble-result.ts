import type { Reference } from "../gateway/reference.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";

/** What was built for one platform. */
export type PlatformBuild = Readonly<{
  platform: Platform;
  reference: Reference;
  config: ImageConfig;
  /** The configuration of the image that the last stage is based on; none if that was no image. */
  baseConfig?: ImageConfig;
}>;

/** What is said of all platforms. */
export type ResultOptions = Readonly<{
  /** Whether the result is one image for each platform, even if there is only one. */
  multiPlatform: boolean;
  /** Labels of the command line: they beat all others. */
  labels: ReadonlyMap<string, string>;
  /** Seconds since 1970. */
  epoch?: number;
}>;

/** The result as exporters read it (BuildKit `exporter/containerimage/exptypes` and `frontend/dockerui/build.go`). */
export function assembleResult(builds: readonly PlatformBuild[], options: ResultOptions): BuildResult {
  const { multiPlatform, labels, epoch } = options;
  const metadata = builds.flatMap(({ platform, config, baseConfig }) => {
    const suffix = multiPlatform ? `/${formatPlatform(platform)}` : "";
    return [
      [`containerimage.config${suffix}`, JSON.stringify(labelled(config, labels))],
      ...(baseConfig === undefined ? [] : [[`containerimage.base.config${suffix}`, JSON.stringify(baseConfig)]]),
      ...(epoch === undefined ? [] : [[`source.date.epoch${suffix}`, String(epoch)]]),
    ];
  });
  const platforms = builds.map(({ platform }) => ({ ID: formatPlatform(platform), Platform: platform }));
  const [first] = builds;
  if (first === undefined) throw new TypeError("a build is for at least one platform");
  return {
    refs: multiPlatform
      ? new Map(builds.map(({ platform, reference }) => [formatPlatform(platform), reference]))
      : first.reference,
    metadata: { ...Object.fromEntries(metadata), "refs.platforms": JSON.stringify({ Platforms: platforms }) },
  };
}

function labelled(config: ImageConfig, labels: ReadonlyMap<string, string>): ImageConfig {
  const all = new Map([...Object.entries(config.config?.Labels ?? {}), ...labels]);
  const sorted = [...all].sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...config, config: { ...config.config, Labels: Object.fromEntries(sorted) } };
}
