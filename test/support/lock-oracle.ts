import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The reference implementations that are asked, in the versions that the tests were written with. */
const REQUIREMENTS = ["packaging==26.3", "uv==0.13.8"];

const SCRIPT = join(import.meta.dirname, "lock-oracle.py");

/** An environment with the reference implementations. */
export type LockOracle = Readonly<{
  uv: string;
  /** Puts a question to `lock-oracle.py`. */
  ask: <T>(mode: "select" | "table", question: unknown) => T;
}>;

/**
 * Finds the environment in `MICROB_TEST_CACHE` (else the user's cache directory), or makes it there from the package
 * index that pip is set to.
 * @throws when it can be neither: without Python 3.11, or without an index.
 */
export function lockOracle(): LockOracle {
  const cache = process.env["MICROB_TEST_CACHE"] ?? join(homedir(), ".cache", "microb-test");
  const directory = join(cache, `oracle-${REQUIREMENTS.join("-").replaceAll("==", "-")}`);
  const bin = (program: string): string => join(directory, "bin", program);
  if (!existsSync(bin("uv"))) {
    execFileSync("python3", ["-m", "venv", "--clear", directory], { stdio: ["ignore", "ignore", "pipe"] });
    const install = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", ...REQUIREMENTS];
    execFileSync(bin("python"), install, { stdio: ["ignore", "ignore", "pipe"], timeout: 300_000 });
  }
  const env = {
    ...process.env,
    UV_CACHE_DIR: join(cache, "uv"),
    UV_PYTHON: bin("python"),
    UV_PYTHON_DOWNLOADS: "never",
    // Other people's projects may name a directory for their environment.
    UV_PROJECT_ENVIRONMENT: directory,
  };
  return {
    uv: bin("uv"),
    ask: (mode, question) =>
      JSON.parse(
        execFileSync(bin("python"), [SCRIPT, mode], {
          input: JSON.stringify(question),
          maxBuffer: 1 << 28,
          env,
        }).toString(),
      ),
  };
}
