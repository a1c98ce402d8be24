import { stripPython } from "./strip-python.ts";

/** The module that is written, relative to the repository. */
export const EMBEDDED = "src/install/scripts.generated.ts";

/** A program, and the modules that it consists of: each after those that it imports, the one that runs last. */
const PROGRAMS = [
  {
    name: "INSTALL_SCRIPT",
    modules: [
      ...["problem", "names", "archive", "metadata", "entry_points", "target", "source_size", "bytecode", "record"],
      "install",
    ],
  },
  { name: "CHECK_SCRIPT", modules: ["problem", "names", "check_conflicts"] },
  { name: "EXPLAIN_SCRIPT", modules: ["explain"] },
  { name: "CHECK_START_SCRIPT", modules: ["check_start"] },
];

/**
 * The text of the module. `read` gives the text of a file by its path in the repository.
 * @throws Error if two modules of one program define the same name.
 */
export function embedPython(read: (file: string) => string): string {
  const constants = PROGRAMS.map(({ name, modules }) => {
    const text = joinModules(modules.map((module) => read(`src/install/${module}.py`)));
    return `\n/** \`src/install/${modules.at(-1)}.py\` and what it imports. */\nexport const ${name}: string = ${JSON.stringify(text)};\n`;
  });
  return `// Made by script/embed-python.ts. Do not edit.\n${constants.join("")}`;
}

/** What each module begins with, once it is stripped. */
const IMPORTS = /^(?:(?:import|from) .*\n)*/;

/**
 * One program of several modules, which is one file for the container: the imports of Python's own modules, and then each
 * module without its imports. Modules import names from each other, never each other.
 */
function joinModules(modules: readonly string[]): string {
  const stripped = modules.map(stripPython);
  const imports = stripped.flatMap((text) => IMPORTS.exec(text)?.[0].match(/^import .*\n/gm) ?? []);
  const bodies = stripped.map((text) => text.replace(IMPORTS, ""));
  const defined = bodies.flatMap((text) =>
    [...text.matchAll(/^(?:def |class )?(\w+)(?=[(:]| =)/gm)].map(([, one]) => one),
  );
  const twice = defined.filter((one, index) => defined.indexOf(one) !== index);
  if (twice.length > 0) throw new Error(`two modules define ${twice.join(", ")}`);
  return [...[...new Set(imports)].sort(), ...bodies].join("");
}
