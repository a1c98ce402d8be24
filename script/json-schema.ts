import * as z from "zod/mini";
import { microbSchema } from "../src/config/schema.ts";

/**
 * The schema of a whole `pyproject.toml`, which says nothing of what is not microb's: editors (Taplo's `#:schema`) know
 * files, not tables. The table alone is below `#/properties/tool/properties/microb`. Draft 7 is the newest draft that both
 * Taplo and validate-pyproject read.
 */
export function pyprojectJsonSchema(): object {
  const { $schema, ...microb } = z.toJSONSchema(microbSchema, { target: "draft-7" });
  return {
    $schema,
    $id: "https://raw.githubusercontent.com/microb/microb/main/docs/schema.json",
    title: "microb in pyproject.toml",
    type: "object",
    properties: {
      tool: {
        type: "object",
        properties: {
          microb: { title: "[tool.microb]", description: "Container images made of the project by microb.", ...microb },
        },
      },
    },
  };
}
