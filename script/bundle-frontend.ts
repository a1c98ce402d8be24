import { join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

/** Not an alias, which would also hold for the files inside the package. */
const grpcClientOnly: Plugin = {
  name: "grpc-client-only",
  setup({ onResolve }) {
    onResolve({ filter: /^@grpc\/grpc-js$/ }, () => ({ path: join(import.meta.dirname, "grpc-client.ts") }));
  },
};

/** How everything of ours is bundled. */
export const BUNDLING: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  legalComments: "none",
  // grpc-js loads .proto files with it on demand; ours are compiled.
  alias: { "@grpc/proto-loader": "./script/no-proto-loader.ts" },
  plugins: [grpcClientOnly],
  metafile: true,
  logLevel: "warning",
};

/** The command line in the image serves BuildKit with the bundle next to it. */
const frontendNextToIt: Plugin = {
  name: "frontend-next-to-it",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/frontend\.ts$/ }, () => ({ path: "./bundle.cjs", external: true }));
  },
};

/** Bundles the command line for the image, `cli.cjs`, and says what is in it. */
export async function bundleImageCommand(directory: string): Promise<Metafile> {
  const { metafile } = await build({
    ...BUNDLING,
    metafile: true,
    plugins: [grpcClientOnly, frontendNextToIt],
    entryPoints: ["src/bin/cli.ts"],
    outfile: `${directory}/cli.cjs`,
  });
  return metafile;
}

/** Bundles what the image runs, `main.cjs` and `bundle.cjs` (see `src/bin/image.ts`), and says what is in `bundle.cjs`. */
export async function bundleFrontend(directory: string): Promise<Metafile> {
  const [{ metafile }] = await Promise.all([
    build({ ...BUNDLING, metafile: true, entryPoints: ["src/bin/frontend.ts"], outfile: `${directory}/bundle.cjs` }),
    build({ ...BUNDLING, entryPoints: ["src/bin/image.ts"], outfile: `${directory}/main.cjs` }),
  ]);
  return metafile;
}
