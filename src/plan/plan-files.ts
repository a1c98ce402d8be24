import type { PyProject } from "../config/py-project.ts";
import type { AddTable, CopyTable } from "../config/schema.ts";
import type { Target } from "../config/target.ts";
import { atValue, type TomlPath } from "../diagnostic/diagnostic.ts";
import { literalCredentials } from "../util/mask.ts";
import { readSource } from "./file-source.ts";
import { BUILDER } from "./layout.ts";
import type { Report } from "./report.ts";
import type { AddSource, AddStep, CopySource, CopyStep } from "./step.ts";

/** The files of a target as steps: those of the builder, and those of the image. */
export type FilePlan = Readonly<{
  beforeBuild: readonly (CopyStep | AddStep)[];
  image: readonly (CopyStep | AddStep)[];
}>;

/** Plans `copy_files`, `add_files` and their like for the builder. Problems are reported at their entries. */
export function planFiles(project: PyProject, target: Target, report: Report): FilePlan {
  const { table } = target;
  const context = { project, report, path: target.path };
  return {
    beforeBuild: [
      ...copies(table.copy_files_before_build, "copy_files_before_build", context),
      ...adds(table.add_files_before_build, "add_files_before_build", context),
    ],
    image: [...copies(table.copy_files, "copy_files", context), ...adds(table.add_files, "add_files", context)],
  };
}

type Context = Readonly<{ project: PyProject; report: Report; path: TomlPath }>;

function copies(tables: readonly CopyTable[] = [], key: string, context: Context): readonly CopyStep[] {
  return tables.map(({ src, dst, from, chown, chmod }, index) => {
    const origin = [...context.path, key, index];
    const source = copySource(from);
    checkTarget(dst, origin, context);
    checkFrom(from, origin, context);
    checkCopied(src, origin, context);
    if (source.kind === "stage" && key === "copy_files_before_build") {
      context.report.problem({
        code: "config.value",
        message: "the builder cannot copy from itself",
        place: atValue(context.project.source, ...origin, "from"),
      });
    }
    return {
      kind: "copy",
      title: `${key}: ${src}`,
      from: source,
      sources: [src],
      to: dst,
      ...(chown !== undefined && { owner: chown }),
      ...(chmod !== undefined && { mode: chmod }),
      origin,
    };
  });
}

function adds(tables: readonly AddTable[] = [], key: string, context: Context): readonly AddStep[] {
  return tables.map(({ src, dst, checksum, chown, chmod }, index) => {
    const origin = [...context.path, key, index];
    checkTarget(dst, origin, context);
    const source = addSource(src, origin, context);
    if (checksum !== undefined && source.kind !== "download") {
      context.report.problem({
        code: "config.value",
        message: "only downloads have a checksum",
        place: atValue(context.project.source, ...origin, "checksum"),
      });
    }
    if (source.kind === "download" && literalCredentials(src) !== undefined) {
      context.report.warn({
        code: "index.literal",
        message: "the URL has a password in it, which the provenance of the image shows",
        place: atValue(context.project.source, ...origin, "src"),
        help: "pass the file as a named context, --build-context NAME=DIRECTORY, and copy it with copy_files",
      });
    }
    return {
      kind: "add",
      title: `${key}: ${src}`,
      source,
      to: dst,
      ...(checksum !== undefined && { checksum }),
      ...(chown !== undefined && { owner: chown }),
      ...(chmod !== undefined && { mode: chmod }),
      origin,
    };
  });
}

function copySource(from: string | undefined): CopySource {
  if (from === undefined) return { kind: "context" };
  // Names of stages are case-insensitive in a Dockerfile.
  return from.toLowerCase() === BUILDER ? { kind: "stage", name: BUILDER } : { kind: "image", reference: from };
}

/** What an entry of `add_files` names. What cannot be added is reported, and treated as a path. */
function addSource(src: string, origin: TomlPath, { project, report }: Context): AddSource {
  const source = readSource(src);
  if (source.kind === "context" || source.kind === "download") return source;
  const place = atValue(project.source, ...origin, "src");
  report.problem(
    source.kind === "git"
      ? { code: "config.value", message: "src is a git repository, which add_files cannot clone", place, help: CLONE }
      : {
          code: "config.value",
          message: "src is neither a path nor an http or https URL",
          place,
          help: "write a path of the build context, or a URL that begins with https:// or http://",
        },
  );
  return { kind: "context", path: src };
}

/** A copy takes paths only, whatever it copies from. */
function checkCopied(src: string, origin: TomlPath, { project, report }: Context): void {
  const { kind } = readSource(src);
  if (kind === "context") return;
  report.problem({
    code: "config.value",
    message: `src is ${kind === "git" ? "a git repository" : "a URL"}, but only paths can be copied`,
    place: atValue(project.source, ...origin, "src"),
    help: kind === "git" ? CLONE : "use add_files for a download; write ./… for a path that looks like this",
  });
}

/** The way to files of a repository. */
const CLONE =
  'pass it as a named context, --build-context repo=URL, and write copy_files = [{ from = "repo", src = "…", dst = "…" }]; write ./… for a path that looks like this';

/** Names of images, and those of named contexts (`distribution/reference`); what else there is would be no single word. */
const REFERENCE = /^[A-Za-z0-9[][A-Za-z0-9._:/@+[\]-]{0,511}$/;

function checkFrom(reference: string | undefined, origin: TomlPath, { project, report }: Context): void {
  if (reference === undefined) return;
  const why = /^\d+$/.test(reference)
    ? "from is a number, which a Dockerfile would read as the number of a stage"
    : reference === "scratch"
      ? "from is scratch, which has no files"
      : REFERENCE.test(reference)
        ? undefined
        : "from is neither the name of an image nor the name of a context";
  if (why === undefined) return;
  report.problem({
    code: "config.value",
    message: why,
    place: atValue(project.source, ...origin, "from"),
    help: `write the name of a named context, an image such as "busybox:1.37", or "${BUILDER}"`,
  });
}

/** Relative targets would depend on which step sets the working directory. */
function checkTarget(dst: string, origin: TomlPath, { project, report }: Context): void {
  if (dst.startsWith("/")) return;
  report.problem({
    code: "config.value",
    message: `dst is ${JSON.stringify(dst)}, which is not an absolute path`,
    place: atValue(project.source, ...origin, "dst"),
    help: `write "/${dst}", or "/home/nonroot/${dst}" for the working directory`,
  });
}
