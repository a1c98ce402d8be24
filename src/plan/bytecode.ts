import { raw, type ShellText, sh } from "../util/sh.ts";
import { ENVIRONMENT, HOME, PYTHON } from "./layout.ts";

/**
 * Commands that compile Python files. The bytecode stays valid when the times of files change (PEP 552). A fixed process
 * environment makes it the same every time. compileall exits with 1 for files that do not compile: packages may have some.
 */
const COMPILER: ShellText = compiler(PYTHON);
const LIBRARY = `${ENVIRONMENT}/lib`;

/** Files that are newer than this one came after the dependencies were compiled. */
const MARK = `${ENVIRONMENT}/pyvenv.cfg`;

/** Compiles all of the environment, and marks that this was done. */
export const COMPILE_ALL: readonly ShellText[] = [
  sh`{ ${raw(COMPILER)} ${LIBRARY} || [ $? -eq 1 ]; }`,
  sh`touch ${MARK}`,
];

/** Compiles the files that came into the environment since then. */
export const COMPILE_NEW: readonly ShellText[] = [
  sh`{ find ${LIBRARY} -name ${"*.py"} -newer ${MARK} -exec ${raw(COMPILER)} {} + || [ $? -eq 1 ]; }`,
];

/** Compiles source files that will be in the working directory. */
export function compileSource(directory: string, python: string = PYTHON): readonly ShellText[] {
  return [sh`{ ${raw(compiler(python))} -d ${HOME} ${directory} || [ $? -eq 1 ]; }`];
}

function compiler(python: string): ShellText {
  return sh`env -i PYTHONHASHSEED=0 ${python} -m compileall -q --invalidation-mode unchecked-hash`;
}
