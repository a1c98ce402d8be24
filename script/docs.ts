/** `npm run generate`: writes the documents of `docs/` that are made from the program. */
import { writeFileSync } from "node:fs";
import { DOCUMENTS } from "./docs/documents.ts";

for (const { file, make } of DOCUMENTS) writeFileSync(file, await make());
