/**
 * `npm run build`: bundles the programs into `dist/`, each with the licences of what is in it.
 *
 * - `cli.cjs`: the command line.
 * - `frontend/`: what the image has in `/microb`.
 * - `record-code-cache.cjs`: for `npm run code-cache`, no part of a release.
 */
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { BUNDLING, bundleFrontend, bundleImageCommand } from "./bundle-frontend.ts";
import { thirdPartyLicences } from "./third-party.ts";

rmSync("dist", { recursive: true, force: true });
const [frontend, command, { metafile: cli }] = await Promise.all([
  bundleFrontend("dist/frontend"),
  bundleImageCommand("dist/frontend"),
  build({
    ...BUNDLING,
    metafile: true,
    entryPoints: ["src/bin/cli.ts"],
    outfile: "dist/cli.cjs",
    banner: { js: "#!/usr/bin/env node" },
  }),
  build({ ...BUNDLING, entryPoints: ["script/record-code-cache.ts"], outfile: "dist/record-code-cache.cjs" }),
]);
const inImage = { inputs: {}, outputs: { ...frontend.outputs, ...command.outputs } };
writeFileSync("dist/frontend/THIRD-PARTY.txt", thirdPartyLicences(inImage, "."));
writeFileSync("dist/THIRD-PARTY.txt", thirdPartyLicences(cli, "."));
copyFileSync("LICENSE", "dist/frontend/LICENSE");
