/**
 * Installs what the scripts of this repository need, from the lock file, if that has not been done since it changed.
 * Plain JavaScript, because it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules/.installed-lock");
const lock = readFileSync(join(root, "package-lock.json"), "utf8");

if (read(stamp) !== lock) {
  const started = Date.now();
  console.error("installing npm packages …");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
  console.error(`installing npm packages: done (${((Date.now() - started) / 1000).toFixed(1)}s)`);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
