/**
 * The fields of one line of comma-separated values, with or without quotes (RFC 4180), as clients join the values of
 * a repeated flag. An empty text has no fields.
 * @throws RangeError for a quote that is not closed, or in a field without quotes.
 */
export function parseCsv(text: string): readonly string[] {
  const fields: string[] = [];
  let rest = text;
  while (rest !== "") {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
    if (match === null) throw new RangeError(`"${text}" has a misplaced quote`);
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    rest = rest.slice(match[0].length);
  }
  return fields.map((field) => field.trim()).filter((field) => field !== "");
}
