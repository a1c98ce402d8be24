import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

type Package = Readonly<{ title: string; text: string }>;

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-](?:md|txt|apache|bsd|mit))?$/i;

/**
 * The licences of the packages from which something is in a bundle, each text once.
 * @throws Error when a package has no text: it must not be given away then.
 */
export function thirdPartyLicences(metafile: Metafile, root: string): string {
  const holders = new Map<string, string[]>();
  for (const { title, text } of packagesOf(metafile).map((path) => readPackage(root, path))) {
    holders.set(text, [...(holders.get(text) ?? []), title]);
  }
  const rule = "-".repeat(80);
  const parts = [...holders].map(([text, titles]) => `${rule}\n${titles.join("\n")}\n${rule}\n\n${text}\n`);
  return `This program contains parts of the packages below.\n\n${parts.join("\n")}`;
}

/** Folders of packages, sorted; a package inside another one is its own. */
function packagesOf({ outputs }: Metafile): readonly string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = files.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function readPackage(root: string, path: string): Package {
  const directory = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const title = `${name} ${version} (${license})`;
  const texts = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => readFileSync(join(directory, entry.name), "utf8").replaceAll("\r\n", "\n").trim())
    .filter((text) => text !== "");
  if (texts.length === 0) throw new Error(`${title} is bundled, but ${path} has no file with the text of its licence`);
  return { title, text: texts.join("\n\n") };
}
