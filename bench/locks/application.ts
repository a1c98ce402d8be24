import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withPackages } from "./lock-text.ts";

/** The applications that are built: directories beside this file. The second shares most wheels with the first. */
export type ApplicationName = "first" | "second";

/** What was changed in an application since it was built before. */
export type Change = "nothing" | "small dependency" | "large dependency" | "version" | "source";

/** The texts of an application. */
export type Application = Readonly<{
  /** The name of its project, its package and its command. */
  name: string;
  project: string;
  lock: string;
  source: string;
}>;

const NAMES = { first: "shop", second: "desk" } as const;

/** An application after a change. */
export async function readApplication(which: ApplicationName, change: Change = "nothing"): Promise<Application> {
  const read = (path: string) => readFile(join(import.meta.dirname, which, path), "utf8");
  const name = NAMES[which];
  const project = await read("pyproject.toml");
  const lock = await read("uv.lock");
  const source = await read(`${name}/__init__.py`);
  const same: Application = { name, project, lock, source };
  switch (change) {
    case "nothing":
      return same;
    case "small dependency":
      return { ...same, lock: withPackages(lock, await read("small.toml")) };
    case "large dependency":
      return { ...same, lock: withPackages(lock, await read("large.toml")) };
    case "version": {
      const newer = (text: string) =>
        text.replace(`name = "${name}"\nversion = "1.0"`, `name = "${name}"\nversion = "1.1"`);
      return { ...same, project: newer(project), lock: newer(lock) };
    }
    case "source":
      return { ...same, source: `${source}\n\nEDITED = True\n` };
  }
}

/** Writes a build context: the application's files, and others by their paths. */
export async function writeContext(
  directory: string,
  { name, project, source }: Application,
  others: Readonly<Record<string, string>>,
): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, name), { recursive: true });
  const files = { "pyproject.toml": project, [`${name}/__init__.py`]: source, ...others };
  for (const [path, text] of Object.entries(files)) await writeFile(join(directory, path), text);
}
