import type { Answer } from "./answer.ts";
import { textTable } from "./text-table.ts";

/** A subrequest that is answered (BuildKit `frontend/subrequests`). */
export type Subrequest = Readonly<{ name: string; version: string; description: string; results: readonly string[] }>;

const BOTH = ["result.json", "result.txt", "version"];

/** What can be asked instead of a build, by the part of its name after `frontend.`. */
export const SUBREQUESTS = {
  outline: request("frontend.outline", "1.0.0", "List all parameters that the target of a build takes"),
  targets: request("frontend.targets", "1.0.0", "List all targets that can be built"),
  lint: request("frontend.lint", "1.0.0", "Check the build file for what could be better", [
    ...BOTH,
    "result.statuscode",
  ]),
  convertllb: request("frontend.convertllb", "0.1.0", "Show the build graph", ["result.json", "version"]),
  describe: request("frontend.subrequests.describe", "1.0.0", "List what can be asked instead of a build"),
} as const satisfies Readonly<Record<string, Subrequest>>;

function request(name: string, version: string, description: string, results: readonly string[] = BOTH): Subrequest {
  return { name, version, description, results };
}

/** Lists the subrequests (`frontend/subrequests/describe.go`). */
export function describe(): Answer {
  const requests = Object.values(SUBREQUESTS);
  return {
    json: requests.map(({ name, version, description, results }) => ({
      name,
      version,
      type: "rpc",
      description,
      opts: name === "frontend.subrequests.describe" || name === "frontend.targets" ? null : [TARGET],
      inputs: null,
      metadata: results.map((result) => ({ name: result })),
      refs: null,
    })),
    text: textTable([
      ["NAME", "VERSION", "DESCRIPTION"],
      ...requests.map(({ name, version, description }) => [name.replace(/^frontend\./, ""), version, description]),
    ]),
    version: SUBREQUESTS.describe.version,
  };
}

const TARGET = { name: "target", description: "The target; without it, all targets if the request is about several" };
