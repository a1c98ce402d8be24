/** Every kind of problem that microb reports, with the sentence that documents it. */
export const DIAGNOSTIC_CODES = {
  "base.unavailable": "A base image could not be resolved.",
  "config.type": "A key has a value of the wrong type.",
  "config.unknown-key": "A table has a key that microb does not know.",
  "config.value": "A key has a value outside of what it accepts.",
  "context.build-file": "The build file could not be found or is not the one of the build context.",
  "context.file": "A file that the configuration names is not in the build context.",
  "diagnostic.limit": "There are more problems than are shown.",
  "dockerfile.unsayable": "A value cannot be written in a Dockerfile.",
  "extra.unknown": "An extra is asked for that the project does not define.",
  "index.literal": "A password stands in the build file.",
  "key.conflict": "Two keys exclude each other.",
  "key.deprecated": "A key is accepted under an old name.",
  "option.invalid": "A build option has a value that microb does not accept.",
  "option.unused": "A build argument is given that nothing uses.",
  "project.dynamic": "The dependencies of the project are known only after it is built.",
  "project.install": "The project cannot be built as a package and is copied as source.",
  "project.metadata": "The project's metadata is missing or malformed.",
  "python.unsatisfiable": "No Python version satisfies all constraints.",
  "python.version-file": "A .python-version file holds something that is no version.",
  "requirement.invalid": "A requirement does not follow PEP 508 or the requirements file format.",
  "substitution.invalid": "A variable reference is malformed.",
  "substitution.required": "A variable that must be set is not.",
  "substitution.unset": "A variable is used that nothing sets.",
  "syntax.unseen": "A syntax line stands where BuildKit does not look for it.",
  "target.unknown": "The target asked for does not exist, or none was chosen among several.",
  "toml.size": "The build file is too large.",
  "toml.syntax": "The build file is not valid TOML.",
} as const;

/** The name of a kind of problem. Names are stable: tools may rely on them. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
