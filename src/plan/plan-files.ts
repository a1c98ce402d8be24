import type { PyProject } from "../config/py-project.ts";
import type { AddTable, CopyTable } from "../config/schema.ts";
import type { Target } from "../config/target.ts";
import { atValue, type TomlPath } from "../diagnostic/diagnostic.ts";
import { BUILDER } from "./layout.ts";
import type { Report } from "./report.ts";
import type { AddStep, CopySource, CopyStep } from "./step.ts";

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
    checkTarget(dst, origin, context);
    checkSource(from, origin, context);
    if (from === BUILDER && key === "copy_files_before_build") {
      context.report.problem({
        code: "config.value",
        message: "the builder cannot copy from itself",
        place: atValue(context.project.source, ...origin, "from"),
      });
    }
    return {
      kind: "copy",
      title: `${key}: ${src}`,
      from: copySource(from),
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
    const isDownload = /^https?:\/\//.test(src);
    if (checksum !== undefined && !isDownload) {
      context.report.problem({
        code: "config.value",
        message: "only downloads have a checksum",
        place: atValue(context.project.source, ...origin, "checksum"),
      });
    }
    return {
      kind: "add",
      title: `${key}: ${src}`,
      source: src,
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
  return from === BUILDER ? { kind: "stage", name: BUILDER } : { kind: "image", reference: from };
}

/** Names of images, and those of named contexts (`distribution/reference`); what else there is would be no single word. */
const REFERENCE = /^[A-Za-z0-9[][A-Za-z0-9._:/@+[\]-]{0,511}$/;

function checkSource(reference: string | undefined, origin: TomlPath, { project, report }: Context): void {
  if (reference === undefined || REFERENCE.test(reference)) return;
  report.problem({
    code: "config.value",
    message: "from is no reference of an image, and no name of a context",
    place: atValue(project.source, ...origin, "from"),
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
