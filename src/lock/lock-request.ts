import type { PackageSet } from "../config/uv-settings.ts";
import type { SourceText } from "../diagnostic/source-text.ts";

/** Which part of which lock is installed. All names are normalized. */
export type LockRequest = Readonly<{
  source: SourceText;
  /** The package whose dependencies they are: a member of a workspace, else the project. */
  root?: string;
  /** Sorted. */
  extras: readonly string[];
  groups: readonly string[];
  /** Groups instead of the dependencies of the root. */
  onlyGroups?: readonly string[];
  /** The directory of the project in the context; empty for its root. */
  directory?: string;
  /** Packages that uv was told not to build, not to take wheels of, and to build in a way that microb does not. */
  noBuild?: PackageSet;
  noBinary?: PackageSet;
  specialBuild?: PackageSet;
  /** Beginnings of URLs that files may come from without TLS: it was asked for. */
  plainHttp?: readonly string[];
}>;
