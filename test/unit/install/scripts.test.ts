import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EMBEDDED, embedPython } from "../../../script/embedded-python.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("the embedded programs are what npm run generate writes", () => {
  const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
  expect(read(EMBEDDED)).toBe(embedPython(read));
});
