/** `npm run generate`: writes the module that holds the Python programs of `src/install/`, since the bundle is one file. */
import { readFileSync, writeFileSync } from "node:fs";
import { EMBEDDED, embedPython } from "./embedded-python.ts";

writeFileSync(
  EMBEDDED,
  embedPython((file) => readFileSync(file, "utf8")),
);
