/**
 * `npm run build`: bundles the programs into `dist/`.
 *
 * - `cli.cjs`: the command line.
 * - `frontend/main.cjs` and `frontend/bundle.cjs`: what the image runs, see `src/bin/image.ts`.
 */
import { rmSync } from "node:fs";
import { type BuildOptions, build } from "esbuild";

const shared: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  legalComments: "none",
  // grpc-js loads .proto files with it on demand; ours are compiled.
  alias: { "@grpc/proto-loader": "./script/no-proto-loader.ts" },
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: ["src/bin/cli.ts"],
    outfile: "dist/cli.cjs",
    banner: { js: "#!/usr/bin/env node" },
  }),
  build({ ...shared, entryPoints: ["src/bin/frontend.ts"], outfile: "dist/frontend/bundle.cjs" }),
  build({ ...shared, entryPoints: ["src/bin/image.ts"], outfile: "dist/frontend/main.cjs" }),
]);
