import * as z from "zod/mini";
import { isTooLong, MAX_PATH } from "./path-limit.ts";

/**
 * The configuration's one definition: types, validation and the JSON schema derive from it. It transforms nothing: a
 * valid table is used as it stands, in the order of the file.
 */

/** What a key means, and its default: for the JSON schema and the documentation. */
const about = (description: string, standard: z.core.util.JSONType) => z.meta({ description, default: standard });

const text = z.string().check(z.refine((value) => !value.includes("\0"), "must not contain a NUL character"));
const nonEmpty = text.check(z.refine((value) => value.trim() !== "", "must not be empty"));
const words = z.array(text);

/** Debian: policy manual §5.6.1 for the name; apt-get(8) for `:arch`, `=version` and `/release`. */
const DEBIAN_PACKAGE = /^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?(?:[=/][A-Za-z0-9.+:~_-]+)?$/;
/** Alpine: apk-world(5). A leading hyphen would be an option. */
const ALPINE_PACKAGE = /^[A-Za-z0-9._][A-Za-z0-9._+-]*(?:@[A-Za-z0-9._-]+)?(?:[<>=~]{1,2}[A-Za-z0-9._-]+)?$/;

const packageName = text.check(
  z.refine(
    (value) => DEBIAN_PACKAGE.test(value) || ALPINE_PACKAGE.test(value),
    "is not the name of a package, such as libpq5 or libpq5=15.1-1",
  ),
);

const environmentName = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of an environment variable"));

const labelName = nonEmpty.check(
  z.refine((value) => !/[\s\p{C}="'\\$]/u.test(value), "is not the name of a label, such as org.example.team"),
);

const imagePath = nonEmpty.check(
  z.refine((value) => !isTooLong(value), `must not be longer than ${MAX_PATH} bytes: no path is`),
  z.refine((value) => !/[\r\n]/.test(value), "must not contain a line break"),
);

const contextPath = imagePath.check(
  z.refine((value) => !value.split("/").includes(".."), "must not leave the build context"),
);

const extraName = text.check(z.regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "is not the name of an extra"));

const groupName = text.check(
  z.regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "is not the name of a dependency group"),
);

const urlPrefix = text.check(
  z.refine(
    (value) => /^https?:\/\/[^/?#@\s]+\/[^?#\s]*$/.test(value),
    "is not a URL prefix such as https://host/path/",
  ),
);

const environment = z.record(environmentName, text);

const secretId = text.check(
  z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "is not the id of a build secret, such as pip_token"),
);

/** An entry of `indices`. */
export const indexSchema = z.strictObject({
  url: nonEmpty.check(z.describe("The URL of the index, without credentials.")),
  username: z.optional(text).check(z.describe("User name, in plain text.")),
  password: z.optional(text).check(z.describe("Password, in plain text: prefer password_secret.")),
  username_secret: z.optional(secretId).check(z.describe("The build secret that holds the user name.")),
  password_secret: z.optional(secretId).check(z.describe("The build secret that holds the password.")),
  trust: z.optional(z.boolean()).check(about("Do not check the certificate of the host.", false)),
  default: z.optional(z.boolean()).check(about("Use this index instead of the public one.", false)),
});

const placeOrUrl = nonEmpty.check(
  z.refine(
    (value) => value.includes("://") || !isTooLong(value),
    `must not be longer than ${MAX_PATH} bytes: no path is`,
  ),
  z.refine((value) => !/[\r\n]/.test(value), "must not contain a line break"),
);

const owner = text.check(
  z.regex(
    /^(?:[a-z_][a-z0-9_-]*|\d{1,10})(?::(?:[a-z_][a-z0-9_-]*|\d{1,10}))?$/,
    'is not an owner such as "65532:65532"',
  ),
);

const mode = text.check(z.regex(/^0?[0-7]{3,4}$/, 'is not a mode such as "0755"'));

/** An entry of `copy_files`. */
export const copySchema = z.strictObject({
  src: imagePath.check(z.describe("What to copy: a path in the build context or in `from`.")),
  dst: imagePath.check(z.describe("Where to copy it: a directory if it ends with a slash.")),
  from: z.optional(nonEmpty).check(z.describe("A stage, a named context or an image to copy from.")),
  chown: z.optional(owner).check(z.describe("Owner of the copies. Default: root.")),
  chmod: z.optional(mode).check(z.describe("Permissions of the copies. Default: as they are.")),
});

/** An entry of `add_files`. */
export const addSchema = z.strictObject({
  src: placeOrUrl.check(
    z.describe("What to add: a URL, or a path in the build context. Archives of the build context are unpacked."),
  ),
  dst: imagePath.check(z.describe("Where to copy it: a directory if it ends with a slash.")),
  checksum: z
    .optional(text.check(z.regex(/^sha256:[0-9a-f]{64}$/, 'is not a checksum such as "sha256:…"')))
    .check(z.describe("The SHA-256 that the download must have.")),
  chown: z.optional(owner).check(z.describe("Owner of the files. Default: root.")),
  chmod: z.optional(mode).check(z.describe("Permissions of the files. Default: as they are; 0600 for downloads.")),
});

/** A `[tool.microb.target.<name>]` table as a user writes it. */
export const targetSchema = z.strictObject({
  api_version: z.optional(z.literal("v1")).check(about("The version of this table's format.", "v1")),
  python_version: z
    .optional(
      text.check(z.regex(/^3(?:\.(?:0|[1-9]\d*)){0,2}$/, 'is not a Python version such as "3", "3.13" or "3.13.2"')),
    )
    .check(
      z.describe(
        "Python version of the base images. Default: .python-version, else microb chooses one that requires-python admits.",
      ),
    ),
  flavor: z.optional(z.enum(["debian", "alpine"])).check(about("Distribution of the base images.", "debian")),
  build_deps: z.optional(z.array(packageName)).check(about("System packages of the builder stage only.", [])),
  system_deps: z.optional(z.array(packageName)).check(about("System packages of the final image.", [])),
  env: z.optional(environment).check(about("Environment variables; values may use $VAR and ${VAR:-default}.", {})),
  environment: z.optional(environment).check(z.describe("Deprecated name of env.")),
  indices: z
    .optional(z.array(indexSchema))
    .check(about("Package indexes that are used as well as the public one, or instead of it.", [])),
  copy_files_before_build: z
    .optional(z.array(copySchema))
    .check(about("Files copied into the builder before the dependencies are installed.", [])),
  add_files_before_build: z
    .optional(z.array(addSchema))
    .check(about("Files added to the builder before the dependencies are installed.", [])),
  copy_files: z.optional(z.array(copySchema)).check(about("Files copied into the image.", [])),
  add_files: z.optional(z.array(addSchema)).check(about("Files added to the image.", [])),
  slim: z
    .optional(z.array(z.enum(["tests", "symbols", "bytecode"])))
    .check(about("What to remove from the environment: directories of tests, symbols of libraries, bytecode.", [])),
  labels: z
    .optional(z.record(labelName, text))
    .check(about("Labels of the image, added to those from the metadata; values may use variables.", {})),
  extras: z.optional(z.array(extraName)).check(about("Extras of the project to install.", [])),
  requirements: z
    .optional(contextPath)
    .check(z.describe("A requirements file whose packages are installed instead of the project's dependencies.")),
  installer: z
    .optional(z.enum(["pip", "uv"]))
    .check(about("The program that installs packages in builds without a lock.", "pip")),
  lock: z
    .optional(z.union([contextPath, z.literal(false)]))
    .check(
      z.describe(
        "The lock that says which packages are installed, or false for none. Default: the lock file next to the build file.",
      ),
    ),
  groups: z.optional(z.array(groupName)).check(about("Dependency groups of the lock to install as well.", [])),
  only_groups: z
    .optional(z.array(groupName))
    .check(z.describe("Dependency groups of the lock to install instead of the project's dependencies.")),
  member: z
    .optional(nonEmpty)
    .check(z.describe("The package of the lock whose dependencies are installed. Default: the project itself.")),
  index_mirrors: z
    .optional(z.record(urlPrefix, urlPrefix))
    .check(about("Other places for files of the lock: URL prefixes, and the prefix that replaces each.", {})),
  hermetic: z
    .optional(z.boolean())
    .check(about("Refuse to build if a step needs the network for anything but files with checksums.", false)),
  install: z
    .optional(z.enum(["package", "source"]))
    .check(z.describe("Whether the project is built and installed, or copied as source.")),
  entrypoint: z.optional(words).check(z.describe("Entrypoint of the image. Default: the project's only script.")),
  command: z.optional(words).check(z.describe("Default arguments of the entrypoint.")),
});

/** The `[tool.microb]` table. */
export const microbSchema = z.strictObject({
  target: z
    .optional(z.record(nonEmpty, targetSchema))
    .check(z.describe("The images that can be built from the project.")),
});

const author = z.looseObject({ name: z.optional(text), email: z.optional(text) });

/** The parts of `[project]` that are read (PyPA "pyproject.toml specification"). */
export const projectSchema = z.looseObject({
  // Projects that are no packages have been seen with an empty one.
  name: text,
  version: z.optional(text),
  description: z.optional(text),
  "requires-python": z.optional(text),
  license: z.optional(z.union([text, z.looseObject({})])),
  authors: z.optional(z.array(author)),
  urls: z.optional(z.record(text, text)),
  scripts: z.optional(z.record(text, text)),
  dependencies: z.optional(z.array(text)),
  "optional-dependencies": z.optional(z.record(text, z.array(text))),
  dynamic: z.optional(z.array(text)),
});

/** The parts of `[tool.poetry]` that are read for projects without `[project]`. */
export const poetrySchema = z.looseObject({
  name: z.optional(text),
  version: z.optional(text),
  description: z.optional(text),
  license: z.optional(text),
  authors: z.optional(z.array(text)),
  homepage: z.optional(text),
  repository: z.optional(text),
  documentation: z.optional(text),
  scripts: z.optional(z.record(text, z.unknown())),
  dependencies: z.optional(z.record(text, z.unknown())),
  extras: z.optional(z.record(text, z.array(text))),
  "package-mode": z.optional(z.boolean()),
  packages: z.optional(z.array(z.unknown())),
});

/** The parts of `[tool.flit.metadata]` that are read for projects without `[project]`. */
export const flitSchema = z.looseObject({
  module: z.optional(text),
  "dist-name": z.optional(text),
  author: z.optional(text),
  "author-email": z.optional(text),
  "home-page": z.optional(text),
  license: z.optional(text),
  "requires-python": z.optional(text),
});

/** What setuptools reads from files: `{ file = … }`. */
const requirementFiles = z.looseObject({ file: z.optional(z.union([text, z.array(text)])) });

/** What is read of a whole `pyproject.toml`. */
export const pyprojectSchema = z.looseObject({
  "build-system": z.optional(z.looseObject({ requires: z.optional(z.array(text)), "build-backend": z.optional(text) })),
  project: z.optional(projectSchema),
  tool: z.optional(
    z.looseObject({
      microb: z.optional(microbSchema),
      poetry: z.optional(poetrySchema),
      flit: z.optional(
        z.looseObject({ metadata: z.optional(flitSchema), scripts: z.optional(z.record(text, z.unknown())) }),
      ),
      setuptools: z.optional(
        z.looseObject({
          dynamic: z.optional(
            z.looseObject({
              dependencies: z.optional(requirementFiles),
              "optional-dependencies": z.optional(z.record(text, requirementFiles)),
            }),
          ),
        }),
      ),
      uv: z.optional(z.looseObject({ package: z.optional(z.boolean()) })),
    }),
  ),
});

export type TargetTable = z.infer<typeof targetSchema>;
export type IndexTable = z.infer<typeof indexSchema>;
export type CopyTable = z.infer<typeof copySchema>;
export type AddTable = z.infer<typeof addSchema>;
export type ProjectTable = z.infer<typeof projectSchema>;
export type PoetryTable = z.infer<typeof poetrySchema>;
export type FlitTable = z.infer<typeof flitSchema>;
export type PyprojectTable = z.infer<typeof pyprojectSchema>;
