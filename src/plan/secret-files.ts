import type { PyProject } from "../config/py-project.ts";
import { atValue, type Place } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { patternTest } from "../facts/path-pattern.ts";
import { inProject } from "../facts/project-location.ts";
import type { FilePlan } from "./plan-files.ts";
import type { Report } from "./report.ts";
import type { AddStep, CopyStep } from "./step.ts";

/** A file of the context that has a password or a token in it: it never gets into a layer. */
export type SecretFile = Readonly<{ path: string; place: Place }>;

/** The build file, requirements files and settings of uv that have one, each once. */
export function secretFiles(project: PyProject, facts: ContextFacts): readonly SecretFile[] {
  const { location, isFromElsewhere } = facts;
  const buildFile = { path: inProject(location, location.buildFile), place: project.password };
  const lines = [facts.requirements, facts.dynamicDependencies, ...(facts.dynamicExtras?.values() ?? [])]
    .flatMap((files) => files?.warnings ?? [])
    .filter(({ code }) => code === "requirement.credentials");
  const found = [
    ...(isFromElsewhere ? [] : [buildFile]),
    ...lines.map(({ place }) => ({ path: place?.source.filename ?? "", place })),
    { path: facts.uv?.password?.source.filename ?? "", place: facts.uv?.password },
  ].flatMap(({ path, place }) => (place === undefined ? [] : [{ path, place }]));
  return [...new Map(found.reverse().map((one) => [one.path, one])).values()].reverse();
}

/**
 * The files of a target, without those that have a password in them. What cannot be copied without them is reported. What
 * is left out is told once; of the directory `copied` it is left out by whoever copies it.
 */
export function withoutSecrets(
  { beforeBuild, image }: FilePlan,
  secrets: readonly SecretFile[],
  { project, report, copied }: Readonly<{ project: PyProject; report: Report; copied: string | undefined }>,
): FilePlan {
  const leftOut = new Set(secrets.filter(({ path }) => copied !== undefined && holds(copied, path)));
  const without = <S extends CopyStep | AddStep>(step: S): S => {
    const inside = secrets.filter(({ path }) => sourcesOf(step).some((source) => holds(source, path)));
    if (inside.length === 0) return step;
    const [source = "", ...more] = sourcesOf(step);
    const directory = normal(source);
    const isDirectory = more.length === 0 && inside.every(({ path }) => path !== directory && isPlain(path));
    if (step.kind === "copy" && isDirectory && isPlain(directory)) {
      for (const one of inside) leftOut.add(one);
      const start = directory === "" ? 0 : directory.length + 1;
      return { ...step, except: [...(step.except ?? []), ...inside.map(({ path }) => path.slice(start))] };
    }
    for (const { path, place } of inside)
      report.problem({
        code: "config.value",
        message: `${path} would be copied into the image, but it has a password or a token in it`,
        place: atValue(project.source, ...(step.origin ?? []), "src"),
        also: place,
        help: "pass the password as a secret (username_secret, password_secret), or copy other files only",
      });
    return step;
  };
  const files = { beforeBuild: beforeBuild.map(without), image: image.map(without) };
  for (const { path, place } of leftOut)
    report.warn({
      code: "context.secret",
      message: `${path} is not copied into the image: it has a password or a token in it`,
      place,
      help: "pass the password as a secret (username_secret, password_secret): then the file is copied",
    });
  return files;
}

function sourcesOf(step: CopyStep | AddStep): readonly string[] {
  if (step.kind === "copy") return step.from.kind === "context" ? step.sources : [];
  return step.source.kind === "context" ? [step.source.path] : [];
}

/** Whether a path, or a pattern, is a file or a directory above it. */
function holds(source: string, path: string): boolean {
  const wanted = normal(source);
  if (wanted === "") return true;
  const test = patternTest(wanted);
  const parts = path.split("/");
  return parts.some((_, index) => test(parts.slice(0, index + 1).join("/")));
}

/** Whether a path is what it says, and no pattern, wherever it stands. */
export function isPlain(path: string): boolean {
  return /^[\p{L}\p{N}_./@+-]*$/u.test(path);
}

/** A path as it is without its detours; it begins at the root of the context, above which there is nothing. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
