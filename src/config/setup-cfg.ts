import { atSpan, type Place } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";

/** An option of setup.cfg: the lines of its value, and where the value begins. */
export type SetupOption = Readonly<{ lines: readonly string[]; place: Place }>;

/** The options of setup.cfg by section and name. */
export type SetupCfg = ReadonlyMap<string, ReadonlyMap<string, SetupOption>>;

/**
 * Reads setup.cfg as `configparser` does: comments have their own lines, and a line that is indented deeper continues a
 * value. Names of options get underscores instead of hyphens (setuptools `dist.py`).
 */
export function parseSetupCfg(source: SourceText): SetupCfg {
  const sections = new Map<string, Map<string, SetupOption & { lines: string[] }>>();
  let section: Map<string, SetupOption & { lines: string[] }> | undefined;
  let option: { lines: string[] } | undefined;
  let indent = 0;
  for (const [index, line] of source.text.split(/\r\n|\r|\n/).entries()) {
    const text = line.trim();
    if (text === "" || /^[#;]/.test(text)) continue;
    const own = line.length - line.trimStart().length;
    if (own > indent && option !== undefined) {
      option.lines.push(text);
      continue;
    }
    indent = own;
    const name = /^\[([^\]]+)\]/.exec(text)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      option = undefined;
      continue;
    }
    const end = line.search(/[=:]/);
    const [key, value] = end < 0 ? [text, ""] : [line.slice(0, end).trim(), line.slice(end + 1).trim()];
    const column = value === "" ? line.indexOf(key) : line.indexOf(value, end + 1);
    const place = atSpan(source, { line: index + 1, column: column + 1, length: Math.max(1, (value || key).length) });
    const made = { lines: value === "" ? [] : [value], place };
    section?.set(key.toLowerCase().replaceAll("-", "_"), made);
    option = made;
  }
  return sections;
}
