import { expect, test } from "vitest";
import { BaseImageError, resolveBases } from "../../../src/emit/base-images.ts";
import { planOf } from "../../support/planning.ts";

const PLATFORM = { os: "linux", architecture: "amd64" };

test("both bases are looked up at the same time, by their names in the plan", async () => {
  const { plan } = await planOf('[project]\nname = "x"\n[tool.microb.target.a]\npython_version = "3.12"\n');
  const asked: string[] = [];
  let release = (): void => {};
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  const bases = await resolveBases(
    plan,
    {
      async resolveImage(reference) {
        asked.push(reference);
        if (asked.length === 2) release();
        await both;
        return { reference, config: PLATFORM };
      },
    },
    PLATFORM,
  );
  expect(asked).toEqual(["python:3.12", "python:3.12-slim"]);
  expect([...bases.keys()]).toEqual(["python:3.12", "python:3.12-slim"]);
});

test("a failure says which base it was, with what the resolver threw", async () => {
  const { plan } = await planOf('[project]\nname = "x"\n[tool.microb.target.a]\nflavor = "alpine"\n');
  const cause = new Error("not found");
  const failing = resolveBases(plan, { resolveImage: () => Promise.reject(cause) }, PLATFORM);
  await expect(failing).rejects.toThrow(BaseImageError);
  await expect(failing).rejects.toMatchObject({
    cause,
    message: expect.stringMatching(/the image python:.*-alpine could not be resolved/),
  });
});
