/** `npm run generate`: writes the JSON schema of `pyproject.toml` as far as it is microb's, for editors and validators. */
import { writeFileSync } from "node:fs";
import { pyprojectJsonSchema } from "./json-schema.ts";

writeFileSync("docs/schema.json", `${JSON.stringify(pyprojectJsonSchema(), null, 2)}\n`);
