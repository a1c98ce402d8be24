import { defineConfig } from "vitest/config";

/** Tests that build and run on real engines. */
const onEngines = {
  globalSetup: ["test/integration/setup.ts"],
  testTimeout: 600_000,
  hookTimeout: 600_000,
  // Builds at once on two cores: with more, frontends start later than a daemon waits for them.
  maxWorkers: 2,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/*.test.ts", "test/{unit,regression}/**/*.test.ts"],
          // Some start programs: on a busy machine that takes its time.
          testTimeout: 60_000,
        },
      },
      { test: { name: "integration", include: ["test/integration/**/*.test.ts"], ...onEngines } },
      { test: { name: "live", include: ["test/live/**/*.test.ts"], ...onEngines, maxConcurrency: 2 } },
    ],
  },
});
