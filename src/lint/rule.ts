import type { DiagnosticCode } from "../diagnostic/code.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** A kind of advice: what it is called, and what it is about. */
export type Rule = Readonly<{
  /** As `# check=skip=` and clients name it. */
  name: string;
  description: string;
  /** Whether every build shows it; others are shown by `docker build --check` only. */
  inBuild: boolean;
}>;

/** The rules, by the code of the diagnostics that they give. Every diagnostic that is a warning has one. */
export const RULES: Readonly<Partial<Record<DiagnosticCode, Rule>>> = {
  "base.platform": rule("BasePlatformMismatch", "A base image should be for the platform of the build", true),
  "context.build-file": rule("BuildFileOutsideContext", "The build file should be part of the build context", true),
  "copy.floating": rule("FloatingCopySource", "Images to copy from should be named with a version or a digest", false),
  // What stands for findings that are too many to show.
  "diagnostic.limit": rule("MoreFindings", "There is more than what is shown", true),
  "env.secret": rule("SecretInEnv", "Secrets should not stand in the environment of an image", true),
  "index.extra": rule("ExtraIndexWithoutDefault", "A private index besides the public one invites confusion", false),
  "index.literal": rule("LiteralPassword", "Passwords should be passed as build secrets", true),
  "index.trust": rule("TrustedIndex", "The certificates of indexes should be checked", true),
  "key.deprecated": rule("DeprecatedKey", "Keys should be written by their current names", true),
  "option.unused": rule("UnusedBuildArg", "Build arguments should be used", true),
  "packages.compiler": rule("CompilerInImage", "Compilers and headers belong in the builder only", false),
  "packages.library": rule("MissingLibrary", "Shared libraries of extensions should be in the image", false),
  "project.dynamic": rule("DynamicDependencies", "Dependencies should be known before the project is built", true),
  "project.install": rule("NotInstallable", "A project that cannot be installed should say so", true),
  "python.floating": rule("FloatingPython", "The Python version should be stated", false),
  "requirement.credentials": rule("CredentialsInRequirement", "Credentials should not stand in requirements", true),
  "requirement.unpinned": rule("UnpinnedRequirements", "Dependencies should be pinned, best by a lock", false),
  "start.missing": rule("NoEntrypoint", "An image should start something", true),
  "substitution.unset": rule("UnsetVariable", "Variables should be set, or have a default", true),
  "syntax.unpinned": rule("UnpinnedSyntax", "The frontend should be named with a version", false),
  "syntax.unseen": rule("SyntaxUnseen", "The syntax line should stand where BuildKit looks for it", true),
};

function rule(name: string, description: string, inBuild: boolean): Rule {
  return { name, description, inBuild };
}

/** The rule that a finding comes from. */
export function ruleOf({ code }: Diagnostic): Rule {
  const found = RULES[code];
  if (found === undefined) throw new TypeError(`${code} is no warning`);
  return found;
}

/** Where a finding is explained. */
export function explanationUrl({ code }: Diagnostic): string {
  return `https://github.com/microb/microb/blob/main/docs/errors.md#${code.replace(".", "")}`;
}
