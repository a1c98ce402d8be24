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
  "context.ignored": rule("NeededFileIgnored", "What the build needs should be part of the build context", true),
  "context.secret": rule("SecretBesideSource", "Secrets should not be next to what is copied into an image", true),
  "copy.floating": rule("FloatingCopySource", "Images to copy from should have a version or a digest", false),
  // What stands for findings that are too many to show.
  "diagnostic.limit": rule("MoreFindings", "There are more findings than are shown", true),
  "env.secret": rule("SecretInEnv", "The environment of an image should not contain secrets", true),
  "index.extra": rule("ExtraIndexWithoutDefault", "A private index should not compete with the public one", false),
  "index.literal": rule("LiteralPassword", "Passwords should be passed as build secrets", true),
  "index.trust": rule("TrustedIndex", "The certificates of indexes should be checked", true),
  "key.deprecated": rule("DeprecatedKey", "Keys should have their current names", true),
  "lock.setting": rule("SettingNeedsLock", "Settings that need a lock should have one", true),
  "lock.unread": rule("UnreadLock", "A lock next to the build file should be used", true),
  "option.unused": rule("UnusedBuildArg", "Build arguments should be used", true),
  "packages.compiler": rule("CompilerInImage", "Compilers and headers belong in the builder only", false),
  "packages.library": rule("MissingLibrary", "Shared libraries of extensions should be in the image", true),
  "project.dynamic": rule("DynamicDependencies", "Dependencies should be known before the project is built", true),
  "project.file": rule("MissingProjectFile", "Files that the metadata names should exist", true),
  "project.install": rule("NotInstallable", "A project that is not a package should say so", true),
  "python.floating": rule("FloatingPython", "The Python version should be stated", false),
  "requirement.credentials": rule("CredentialsInRequirement", "Requirements should not contain credentials", true),
  "requirement.remote": rule("RemoteRequirementsFile", "Requirements files should be in the build context", true),
  "requirement.unpinned": rule("UnpinnedRequirements", "Dependencies should be pinned, preferably by a lock", false),
  "requirements.unused": rule("UnusedRequirementsFile", "A requirements file should be used", true),
  "source.index": rule("ToolIndexNotAsked", "The build should use the indexes of the packaging tool", true),
  "start.missing": rule("NoEntrypoint", "An image should start something", true),
  "start.program": rule("ProgramNotRequired", "The program that a container starts should be a dependency", true),
  "substitution.unset": rule("UnsetVariable", "Variables should be set, or have a default", true),
  "syntax.unpinned": rule("UnpinnedSyntax", "The frontend should have a version", false),
  "syntax.unseen": rule("SyntaxUnseen", "The syntax line should be where BuildKit looks for it", true),
  "toml.newer": rule("NewerToml", "The tools in the image should be able to read the build file", true),
};

function rule(name: string, description: string, inBuild: boolean): Rule {
  return { name, description, inBuild };
}

/** The rule that a finding comes from. */
export function ruleOf({ code }: Diagnostic): Rule {
  const found = RULES[code];
  if (found === undefined) throw new TypeError(`${code} is not a warning`);
  return found;
}

/** Where a finding is explained. */
export function explanationUrl({ code }: Diagnostic): string {
  return `https://github.com/microb/microb/blob/main/docs/errors.md#${code.replace(".", "")}`;
}
