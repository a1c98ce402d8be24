/**
 * The full form of an image's name, as registries and BuildKit know it: with registry, `library/` for official images,
 * and a tag unless there is a digest (distribution/reference, `ParseNormalizedNamed` and `TagNameOnly`).
 */
export function normalizeReference(name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasDomain = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const path = hasDomain ? name.slice(slash + 1) : name;
  const domain = !hasDomain || first === "index.docker.io" ? "docker.io" : first;
  const full = domain === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const isTagged = full.includes("@") || full.slice(full.lastIndexOf("/") + 1).includes(":");
  return `${domain}/${full}${isTagged ? "" : ":latest"}`;
}

/** The short form that people write: what normalizing adds left out again. */
export function familiarReference(name: string): string {
  return normalizeReference(name)
    .replace(/^docker\.io\/(?:library\/)?/, "")
    .replace(/:latest$/, "");
}
