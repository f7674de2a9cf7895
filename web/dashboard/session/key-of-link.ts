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

/** Tells of the key of each such link that is opened while the page is there: a browser then changes the address alone. */
export function followLinks(page: Window, use: (key: string) => void): void {
  page.addEventListener("hashchange", () => {
    const key = takeKeyOfLink(page.location, page.history);
    if (key) use(key);
  });
}
