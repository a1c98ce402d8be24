/** `npm run generate`: writes the JSON schema of `[tool.microb]`, for editors that complete and check TOML with it. */
import { writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { microbSchema } from "../src/config/schema.ts";

const schema = { title: "microb: the [tool.microb] table of pyproject.toml", ...z.toJSONSchema(microbSchema) };
writeFileSync("docs/schema.json", `${JSON.stringify(schema, null, 2)}\n`);
