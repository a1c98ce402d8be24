/** The module that is written, relative to the repository. */
export const EMBEDDED = "src/install/scripts.generated.ts";

const PROGRAMS = [
  { name: "INSTALL_SCRIPT", file: "src/install/install.py" },
  { name: "CHECK_SCRIPT", file: "src/install/check_conflicts.py" },
  { name: "EXPLAIN_SCRIPT", file: "src/install/explain.py" },
  { name: "CHECK_START_SCRIPT", file: "src/install/check_start.py" },
];

/** The text of the module. `read` gives the text of a file by its path in the repository. */
export function embedPython(read: (file: string) => string): string {
  const constants = PROGRAMS.map(
    ({ name, file }) =>
      `\n/** The text of \`${file}\`. */\nexport const ${name}: string = ${JSON.stringify(read(file))};\n`,
  );
  return `// Made by script/embed-python.ts. Do not edit.\n${constants.join("")}`;
}
