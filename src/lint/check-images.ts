import { atSpan, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";

const SYNTAX = /^#\s*syntax\s*=\s*(\S+)/im;

/** Images whose names mean something else tomorrow: that of the frontend, those to copy from, those of Python. */
export function checkImages({ project, target, facts, plan }: ProjectPlan): readonly Diagnostic[] {
  const { source, metadata } = project;
  const { python_version } = target.table;
  const copies = plan.stages
    .flatMap(({ steps }) => steps)
    .flatMap((step): readonly Diagnostic[] => {
      if (step.kind !== "copy" || step.from.kind !== "image" || !floats(step.from.reference)) return [];
      const { reference } = step.from;
      return [
        {
          code: "copy.floating",
          message: `the image ${reference} can change without notice`,
          ...(step.origin !== undefined && { place: atValue(source, ...step.origin, "from") }),
          help: `write ${reference.replace(/:latest$/, "")}:VERSION, or name a digest; a named context needs neither`,
        },
      ];
    });
  const syntax = SYNTAX.exec(source.text);
  const line = source.text.slice(0, syntax?.index).split("\n").length;
  return [
    ...(syntax?.[1] !== undefined && floats(syntax[1])
      ? [
          {
            code: "syntax.unpinned" as const,
            message: `${syntax[1]} can change without notice`,
            place: atSpan(source, { line, column: 1, length: syntax[0].length }),
            help: "name a version: the same file then gives the same build",
          },
        ]
      : []),
    ...(python_version === undefined && facts.pythonVersionFile === undefined
      ? [
          {
            code: "python.floating" as const,
            message: "nothing states the version of Python: microb chooses it, and its next release can choose another",
            place: atValue(source, ...metadata.path, "requires-python"),
            // Another one than microb has chosen would be another Python.
            help: `set python_version = "${/^python:([\d.]+)/.exec(plan.stages.at(-1)?.base ?? "")?.[1] ?? "3.14"}", or write a .python-version`,
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
