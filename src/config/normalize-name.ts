/** The one spelling of a project's or an extra's name (PEP 503, PEP 685): lower case, runs of `-_.` as one hyphen. */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}
