/** Whether a database's name is one that the pattern of a grant means: `%` any text, `_` any character, `\` takes them as they are. */
export function patternMatches(pattern: string, name: string): boolean {
  const [fixed = ""] = /^[^%_\\]*/.exec(pattern) ?? [];
  if (!name.startsWith(fixed)) return false;
  const source = pattern.replace(/\\(.)|[%_]|[^\\%_]+/gs, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (part === "%") return ".*";
    return part === "_" ? "." : escapeRegExp(part);
  });
  return new RegExp(`^${source}$`, "s").test(name);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
