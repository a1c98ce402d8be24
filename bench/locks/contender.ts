import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Application, writeContext } from "./application.ts";
import { requirements } from "./lock-text.ts";
import { FILE_HOST, LOCKED_INDEX, type WheelServer } from "./wheel-server.ts";

/** A way to build an application: what it writes into a context, and what it says to `docker build`. */
export type Contender = Readonly<{
  name: string;
  prepare: (directory: string, application: Application) => Promise<void>;
  args: (directory: string) => readonly string[];
}>;

/** The names of the contenders, in the order of the table. */
export const CONTENDERS = ["pip", "uv", "microb"] as const;

/** Makes a contender that gets everything from a server. */
export async function contender(name: (typeof CONTENDERS)[number], server: WheelServer): Promise<Contender> {
  if (name === "microb") return microb(server);
  const dockerfile = await readFile(join(import.meta.dirname, `${name}.Dockerfile`), "utf8");
  return {
    name,
    args: () => ["--build-arg", `INDEX=${server.index}`],
    async prepare(directory, application) {
      const locked =
        name === "pip"
          ? { "requirements.txt": requirements(application.lock, ["flit-core"]) }
          : { "uv.lock": served(application.lock, server) };
      const ignore = name === "pip" ? "" : "Dockerfile\n";
      await writeContext(directory, application, { Dockerfile: dockerfile, ".dockerignore": ignore, ...locked });
    },
  };
}

/** The lock as if the server were the public index. */
function served(lock: string, { index, files }: WheelServer): string {
  return lock.replaceAll(FILE_HOST, files).replaceAll(LOCKED_INDEX, index);
}

function microb({ files }: WheelServer): Contender {
  return {
    name: "microb",
    args: (directory) => ["-f", join(directory, "pyproject.toml")],
    async prepare(directory, application) {
      const table = `\n[tool.microb.target.default]\nindex_mirrors = { "${FILE_HOST}" = "${files}" }\n`;
      const project = `# syntax=microb/microb\n${application.project}${table}`;
      await writeContext(directory, { ...application, project }, { "uv.lock": application.lock });
    },
  };
}
