import { NATIVE_PACKAGES, SHARED_LIBRARIES } from "../install/native-packages.ts";
import { EXPLAIN_SCRIPT } from "../install/scripts.generated.ts";
import type { Mount } from "../llb/mount.ts";
import type { RunStep } from "../plan/step.ts";
import { sh } from "../util/sh.ts";
import { type OwnFile, ownFiles } from "./own-files.ts";

/** What runs a script, and the files of ours that it takes. None of them is the user's, and none changes the outcome. */
export type StepCommand = Readonly<{ args: readonly string[]; mounts: readonly Mount[] }>;

const DIRECTORY = "/run/microb/step";
const FUNCTIONS = "functions.sh";
const EXPLAIN = "explain.py";

/**
 * The command of a run step. A daemon ends the report of a failure with the whole of it, so definitions of functions are
 * in a file that is mounted; a step that is to be explained runs under the program that does (see `explain.py`).
 */
export function stepCommand({ functions = [], isExplained = false }: RunStep, script: string): StepCommand {
  const hasFunctions = functions.length > 0;
  const files: readonly OwnFile[] = [
    ...(isExplained ? [[EXPLAIN, EXPLAIN_SCRIPT] as const, ["native-packages.json", packages()] as const] : []),
    ...(hasFunctions ? [[FUNCTIONS, `${functions.join("\n")}\n`] as const] : []),
  ];
  const text = hasFunctions ? `${sh`. ${`${DIRECTORY}/${FUNCTIONS}`}`} && ${script}` : script;
  const args = isExplained ? ["python", "-I", `${DIRECTORY}/${EXPLAIN}`, text] : ["/bin/sh", "-c", text];
  const from = ownFiles(files);
  return { args, mounts: from === undefined ? [] : [{ kind: "bind", dest: DIRECTORY, from }] };
}

/** What `explain.py` reads. */
function packages(): string {
  return JSON.stringify(
    NATIVE_PACKAGES.map(({ names, says, build, library }) => ({
      names,
      ...(says !== undefined && { says }),
      build,
      ...(library !== undefined && { library: SHARED_LIBRARIES[library] }),
    })),
  );
}
