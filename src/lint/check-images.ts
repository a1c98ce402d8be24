import { atSpan, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import { BUILDER } from "../plan/layout.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";

const SYNTAX = /^#\s*syntax\s*=\s*(\S+)/im;

/** Images whose names mean something else tomorrow: that of the frontend, those to copy from, those of Python. */
export function checkImages({ project, target, facts }: ProjectPlan): readonly Diagnostic[] {
  const { source, metadata } = project;
  const { copy_files = [], copy_files_before_build = [], python_version } = target.table;
  const copies = Object.entries({ copy_files, copy_files_before_build }).flatMap(([key, tables]) =>
    tables.flatMap(({ from }, index): readonly Diagnostic[] =>
      from === undefined || from === BUILDER || !floats(from)
        ? []
        : [
            {
              code: "copy.floating",
              message: `${from} is another image from time to time`,
              place: atValue(source, ...target.path, key, index, "from"),
              help: `write ${from.replace(/:latest$/, "")}:VERSION, or name a digest; a named context needs neither`,
            },
          ],
    ),
  );
  const syntax = SYNTAX.exec(source.text);
  const line = source.text.slice(0, syntax?.index).split("\n").length;
  return [
    ...(syntax?.[1] !== undefined && floats(syntax[1])
      ? [
          {
            code: "syntax.unpinned" as const,
            message: `${syntax[1]} is another frontend from time to time`,
            place: atSpan(source, { line, column: 1, length: syntax[0].length }),
            help: "name a version: the same file then gives the same build",
          },
        ]
      : []),
    ...(python_version === undefined && facts.pythonVersionFile === undefined
      ? [
          {
            code: "python.floating" as const,
            message: "nothing but requires-python chooses the version of Python: a new one changes the image",
            place: atValue(source, ...metadata.path, "requires-python"),
            help: 'set python_version = "3.13", or write a .python-version',
          },
        ]
      : []),
    ...copies,
  ];
}

/** Without a digest, and with no tag or the one that always moves. */
function floats(reference: string): boolean {
  if (reference.includes("@")) return false;
  const tag = /:([^/:]+)$/.exec(reference)?.[1];
  return tag === undefined || tag === "latest";
}
