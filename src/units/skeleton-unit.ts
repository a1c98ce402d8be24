import { type SkeletonEntry, venvSkeleton } from "../install/venv-skeleton.ts";
import { ENVIRONMENT, HOME, INTERPRETER_HOME, USER_ID } from "../plan/layout.ts";
import { UNIT_OUT, type UnitInput, type UnitStep } from "../plan/step.ts";
import { assertNever } from "../util/assert-never.ts";
import { type ShellText, sh } from "../util/sh.ts";
import { SET_TIMES } from "./set-times.ts";

/**
 * Makes the environment that wheels are laid over, for an interpreter of this version. It is a command because the
 * oldest engines have no file operation for symbolic links. `inputs` must be there first, and are not looked at.
 */
export function skeletonUnit(version: string, inputs: readonly UnitInput[]): UnitStep {
  const commands = [
    sh`umask 022`,
    sh`mkdir -p ${UNIT_OUT + ENVIRONMENT}`,
    ...venvSkeleton({ version, home: INTERPRETER_HOME }).map(entryCommand),
    sh`chown ${`${USER_ID}:${USER_ID}`} ${UNIT_OUT + HOME}`,
    SET_TIMES,
  ];
  return {
    kind: "unit",
    title: `make the environment of Python ${version}`,
    args: ["/bin/sh", "-c", commands.join(" && ")],
    env: ["LC_ALL=C.UTF-8"],
    inputs,
  };
}

function entryCommand(entry: SkeletonEntry): ShellText {
  const path = `${UNIT_OUT}${ENVIRONMENT}/${entry.path}`;
  switch (entry.kind) {
    case "directory":
      return sh`mkdir ${path}`;
    case "symlink":
      return sh`ln -s ${entry.target} ${path}`;
    case "file":
      // Word by word: a line break has no place in a line of a Dockerfile.
      return sh`printf ${"%s\\n"} ${entry.text.replace(/\n$/, "").split("\n")} > ${path}`;
    default:
      return assertNever(entry);
  }
}
