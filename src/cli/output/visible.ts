/** Control characters, which a terminal obeys instead of showing, and marks that turn the direction of writing. */
const hidden = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A text from elsewhere, as a terminal may get it: what it would obey is written out. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
