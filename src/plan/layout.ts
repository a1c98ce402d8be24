/** The user that the image runs as. */
export const USER_NAME = "nonroot";

/** Its number and its group's: that of the distroless images, numeric so that orchestrators can tell it is not root. */
export const USER_ID = "65532";

/** Its home, and the working directory of the image. */
export const HOME = "/home/nonroot";

/** The virtual environment, at the same path in the builder and in the image. Only root may write to it. */
export const ENVIRONMENT = `${HOME}/.local`;

/** The environment's interpreter. */
export const PYTHON = `${ENVIRONMENT}/bin/python`;

/** The directory of the interpreter in the official images, whatever else is in them. */
export const INTERPRETER_HOME = "/usr/local/bin";

/** The interpreter of the official images. */
export const INTERPRETER: string = `${INTERPRETER_HOME}/python3`;

/** The stage with compilers, which is thrown away. */
export const BUILDER = "builder";

/** The stage that has the project alone, if its dependencies come from a lock. */
export const PROJECT = "project";

/** Where the builder keeps the project's source. */
export const PROJECT_DIRECTORY = "/projectdir";
