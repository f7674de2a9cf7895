/**
 * The key of a link that signs in, `…/#key=…`. It is taken out of the address at once, so that it stays in no history and
 * no bookmark.
 */
export function takeKeyOfLink(location: Location, history: History): string | undefined {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return key === "" ? undefined : key;
}
