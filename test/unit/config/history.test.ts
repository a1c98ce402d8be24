import { expect, test } from "vitest";
import { parseProject } from "../../../src/config/py-project.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";

const reader = (text: string) => parseProject(sourceText("pyproject.toml", text)).history;
const requiring = (requirement: string): string =>
  `[project]\nname = "x"\ndynamic = ["version"]\n[build-system]\nrequires = ["other", ${JSON.stringify(requirement)}]\n`;
const dynamic = '[project]\nname = "x"\ndynamic = ["version"]\n';

test.each([
  ["setuptools_scm[toml]>=8", "setuptools-scm", "fails"],
  ["hatch-vcs", "hatch-vcs", "fails"],
  ["flit_scm", "flit-scm", "fails"],
  ["vcs-versioning", "vcs-versioning", "fails"],
  ["pbr>=6", "pbr", "fails"],
  ["versioningit", "versioningit", "fails"],
  ["uv-dynamic-versioning", "uv-dynamic-versioning", "fails"],
  ["poetry-dynamic-versioning>=1.0.0,<2.0.0", "poetry-dynamic-versioning", "known"],
  ["setuptools-git-versioning", "setuptools-git-versioning", "invented"],
  ["very-good-setuptools-git-version", "very-good-setuptools-git-version", "invented"],
  ["versioneer[toml]==0.29", "versioneer", "invented"],
  ["dunamai", "dunamai", "invented"],
  ["scmver[toml] >= 1.7", "scmver", "invented"],
])("a build requirement %s reads the history", (requirement, tool, without) => {
  expect(reader(requiring(requirement))).toEqual({ tool, path: ["build-system", "requires", 1], without });
});

test.each([
  "hatchling",
  "setuptools>=61",
  "gitpython",
  "digit",
  "scmtools-like",
  "not a requirement !",
])("a build requirement %s does not", (requirement) => expect(reader(requiring(requirement))).toBeUndefined());

test.each([
  ['[tool.pdm.version]\nsource = "scm"\n', "pdm-backend", ["tool", "pdm", "version", "source"]],
  ["[tool.pdm.version]\nuse_scm = true\n", "pdm-backend", ["tool", "pdm", "version", "use_scm"]],
  ["[tool.setuptools_scm]\n", "setuptools-scm", ["tool", "setuptools_scm"]],
  ["[tool.poetry-dynamic-versioning]\nenable = true\n", "poetry-dynamic-versioning", undefined],
  ["[tool.versioneer]\nVCS = 'git'\n", "versioneer", ["tool", "versioneer"]],
  ["[tool.versioningit]\n", "versioningit", ["tool", "versioningit"]],
  ["[tool.uv-dynamic-versioning]\n", "uv-dynamic-versioning", ["tool", "uv-dynamic-versioning"]],
  ["[tool.setuptools-git-versioning]\nenabled = true\n", "setuptools-git-versioning", undefined],
])("the configuration %j says so", (table, tool, path = ["tool", tool]) => {
  expect(reader(dynamic + table)).toMatchObject({ tool, path });
});

test.each([
  '[tool.pdm.version]\nsource = "file"\npath = "v"\n',
  "[tool.pdm]\n",
  "[tool.hatch.version]\npath = 'x'\n",
])("the configuration %j does not", (table) => expect(reader(dynamic + table)).toBeUndefined());

test.each([
  ["a version that is stated", '[project]\nname = "x"\nversion = "1"\n[tool.setuptools_scm]\n'],
  ["a fallback", `${dynamic}[tool.setuptools_scm]\nfallback_version = "0"\n`],
  ["a fallback of hatch-vcs", `${requiring("hatch-vcs")}[tool.hatch.version]\nfallback-version = "0"\n`],
  ["its raw options", `${requiring("hatch-vcs")}[tool.hatch.version.raw-options]\nfallback_version = "0"\n`],
  ["a fallback of PDM", `${dynamic}[tool.pdm.version]\nsource = "scm"\nfallback_version = "0"\n`],
  ["a default of versioningit", `${dynamic}[tool.versioningit]\ndefault-version = "0"\n`],
])("without a history the version is known by %s", (_, text) => {
  expect(reader(text)?.without).toBe("known");
});

test("Poetry's version counts for nothing where a plugin takes its place", () => {
  const text = '[tool.poetry]\nname = "x"\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = ';
  expect(reader(`${text}true\n`)?.without).toBe("fails");
  expect(reader(`${text}false\n`)?.without).toBe("known");
});
