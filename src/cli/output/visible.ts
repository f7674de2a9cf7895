/** Control characters, which a terminal obeys instead of showing, and marks that turn the direction of writing. */
const hidden = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A text from elsewhere, as a terminal may get it: what it would obey is written out. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same for a text of several lines, each but the first moved in. */
export function visibleLines(text: string, indent: string): string {
  return text.split("\n").map(visible).join(`\n${indent}`);
}
