import { expect, test } from "vitest";
import { type Change, readApplication } from "../../../../bench/locks/application.ts";
import { requirements } from "../../../../bench/locks/lock-text.ts";
import { filesOfLock, projectOf } from "../../../fixture/public-files.ts";

test("the first application has about sixty wheels, and the second shares most of its own", async () => {
  const [first, second] = await Promise.all([readApplication("first"), readApplication("second")]);
  const projects = ({ lock }: { lock: string }) => new Set(requirements(lock, ["flit-core"]).trimEnd().split("\n"));
  const [all, others] = [projects(first), projects(second)];
  expect(all.size).toBeGreaterThanOrEqual(60);
  expect([...others].filter((one) => all.has(one)).length).toBeGreaterThan(others.size * 0.7);
});

test.each<[Change, RegExp]>([
  ["small dependency", /^websockets==16\.0$/m],
  ["large dependency", /^numpy==2\.4\.5$/m],
])("a %s changes one wheel and nothing else", async (change, line) => {
  const [before, after] = await Promise.all([readApplication("first"), readApplication("first", change)]);
  expect({ ...after, lock: "" }).toEqual({ ...before, lock: "" });
  const [old, changed] = [before, after].map(({ lock }) => requirements(lock, []).split("\n"));
  expect(changed).toHaveLength(old?.length ?? 0);
  const different = changed?.filter((one) => !old?.includes(one));
  expect(different).toHaveLength(1);
  expect(different?.[0]).toMatch(line);
});

test("a version changes the project file and the lock, a source neither", async () => {
  const [before, version, source] = await Promise.all([
    readApplication("first"),
    readApplication("first", "version"),
    readApplication("first", "source"),
  ]);
  expect(version.project).toBe(before.project.replace('version = "1.0"', 'version = "1.1"'));
  expect(version.lock).toBe(before.lock.replace('name = "shop"\nversion = "1.0"', 'name = "shop"\nversion = "1.1"'));
  expect(version.lock).not.toBe(before.lock);
  expect({ ...source, source: "" }).toEqual({ ...before, source: "" });
  expect(source.source).not.toBe(before.source);
});

test("every locked project has a wheel with its hash", async () => {
  for (const which of ["first", "second"] as const) {
    const { lock } = await readApplication(which);
    const wheels = filesOfLock(lock).filter(({ url }) => url.endsWith(".whl"));
    const projects = requirements(lock, []).trimEnd().split("\n");
    expect([...new Set(wheels.map(projectOf))]).toEqual(projects.map((line) => line.split("==")[0]));
    expect(new Set(wheels.map(({ url }) => url)).size).toBe(wheels.length);
  }
});
