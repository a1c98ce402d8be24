import type { TargetTable } from "../config/schema.ts";

/** A test for absolute paths of the builder: whether the target copies files there before dependencies are installed. */
export function givenPaths({
  copy_files_before_build: copies = [],
  add_files_before_build: adds = [],
}: TargetTable): (path: string) => boolean {
  const given = [...copies, ...adds].map(({ dst }) => dst.replace(/(?<!\/)\/+$/, ""));
  return (path) => given.some((dst) => path === dst || path.startsWith(`${dst}/`));
}
