import { isSign, isWord, nameOf, type Token } from "./sql-tokens.ts";

/** Reads a statement's tokens from left to right. */
export class TokenReader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token | undefined {
    return this.tokens[this.#at];
  }

  /** Takes these words if they stand here one after the other. @returns whether they did */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, index) => isWord(this.tokens[this.#at + index], word))) return false;
    this.#at += words.length;
    return true;
  }

  /** Takes one of these words if it stands here. */
  takeOne(...words: readonly string[]): boolean {
    if (!isWord(this.next, ...words)) return false;
    this.#at += 1;
    return true;
  }

  takeSign(sign: string): boolean {
    if (!isSign(this.next, sign)) return false;
    this.#at += 1;
    return true;
  }

  /** Takes a name, quoted or not. @returns undefined when something else stands here */
  name(): string | undefined {
    const token = this.next;
    if (token?.kind !== "word" && token?.kind !== "name") return undefined;
    this.#at += 1;
    return nameOf(token);
  }

  /** Passes over everything up to and with the word. @returns whether it was there */
  skipPast(...words: readonly string[]): boolean {
    const found = this.tokens.findIndex((token, index) => index >= this.#at && isWord(token, ...words));
    if (found < 0) return false;
    this.#at = found + 1;
    return true;
  }

  /** Whether one of the words stands anywhere from here on. */
  has(...words: readonly string[]): boolean {
    return this.tokens.slice(this.#at).some((token) => isWord(token, ...words));
  }

  /** The rest, cut at the commas that stand outside parentheses; it is taken. */
  list(): readonly TokenReader[] {
    const parts: Token[][] = [[]];
    let depth = 0;
    for (const token of this.tokens.slice(this.#at)) {
      if (isSign(token, "(")) depth += 1;
      if (isSign(token, ")")) depth -= 1;
      if (depth < 0) break; // the parenthesis that the list stands in
      if (depth === 0 && isSign(token, ",")) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    this.#at = this.tokens.length;
    return parts.map((part) => new TokenReader(part));
  }
}
