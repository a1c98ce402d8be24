import { digestOf } from "../src/llb/digest.ts";
import type { ImageConfig } from "../src/oci/image-config.ts";
import type { ImageResolver } from "../src/oci/image-resolver.ts";
import type { Platform } from "../src/oci/platform.ts";

const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

type Manifest = Readonly<{
  config?: Readonly<{ digest: string }>;
  manifests?: readonly Readonly<{ digest: string; platform?: Platform }>[];
}>;

/** Looks images of Docker Hub up in a mirror of it (OCI distribution specification), as the engines behind it do. */
export function registryResolver(mirror: string): ImageResolver {
  return {
    async resolveImage(reference, platform) {
      const [, repository, tag] = /^docker\.io\/(.+):([^:/]+)$/.exec(reference) ?? [];
      if (repository === undefined) throw new RangeError(`${reference} is not a tag of Docker Hub`);
      const base = `http://${mirror}/v2/${repository}`;
      const bytes = await get(`${base}/manifests/${tag}`);
      const digest = digestOf(bytes);
      const config = await get(`${base}/blobs/${await configDigest(base, parse(bytes), platform)}`);
      return { reference: `${reference}@${digest}`, digest, config: parse<ImageConfig>(config) };
    },
  };
}

async function configDigest(base: string, manifest: Manifest, platform: Platform): Promise<string> {
  if (manifest.config !== undefined) return manifest.config.digest;
  const { os, architecture } = platform;
  const own = manifest.manifests?.find((one) => one.platform?.os === os && one.platform.architecture === architecture);
  if (own === undefined) throw new Error(`${base} has nothing for ${os}/${architecture}`);
  return configDigest(base, parse(await get(`${base}/manifests/${own.digest}`)), platform);
}

async function get(url: string): Promise<Buffer> {
  const answer = await fetch(url, { headers: { accept: MANIFEST_TYPES.join(", ") } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

function parse<T = Manifest>(bytes: Buffer): T {
  return JSON.parse(bytes.toString());
}
