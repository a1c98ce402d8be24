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

/** The stage with compilers, which is thrown away. */
export const BUILDER = "builder";

/** Where the builder keeps the project's source. */
export const PROJECT_DIRECTORY = "/projectdir";
