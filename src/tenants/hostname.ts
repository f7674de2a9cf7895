import { domainToASCII } from "node:url";
import { InvalidInput } from "../kit/domain-error.ts";

const maxLength = 253;
const labelForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
// Every ASCII character that a host name may hold; the others (non-ASCII) are IDNA's business.
const plausible = /^[A-Za-z0-9.\-\u0080-\u{10FFFF}]+$/u;
// A last label like these makes URL parsers read the whole as an IPv4 address: 1.2.3.4, 0x7f.1, 127.1.
const numericLabel = /^([0-9]+|0x[0-9a-f]*)$/;

/** A host name as tenants have it: lower case, IDN as punycode, at least two labels. @throws InvalidInput */
export function parseHostname(text: string, field: readonly string[]): string {
  const refuse = (message: string): never => {
    throw new InvalidInput(message, { field });
  };
  if (text.length === 0 || text.length > 4 * maxLength) refuse(`A host name has 1 to ${maxLength} characters.`);
  if (text.includes("*")) refuse("A host name has no wildcards.");
  if (text.includes(":") || text.includes("[")) refuse("A host name has no port and is no IP address.");
  if (!plausible.test(text)) refuse("A host name is letters, digits, hyphens and dots.");
  const ascii = domainToASCII(text);
  if (ascii === "") refuse("This is no host name: a part of it cannot be written as a domain.");
  return checkedAscii(ascii, refuse);
}

/**
 * The host name that a look-up means, where it could be a tenant's at all: a single trailing dot is the same name in DNS.
 * @returns undefined for what can be nobody's host name
 */
export function findableHostname(text: string): string | undefined {
  try {
    return parseHostname(text.replace(/\.$/, ""), []);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

/**
 * How host names begin, as tenants have them, that people write with this beginning. An IDN's part is written otherwise as a
 * whole, so that only whole parts of it can be meant: `bücher` finds bücher.example.com, `büch` does not.
 * @returns undefined for what no host name begins with
 */
export function hostnamePrefix(text: string): string | undefined {
  if (isAsciiText(text)) return text.toLowerCase();
  const labels = text.split(".");
  const last = labels.pop() ?? "";
  const [whole, rest] = isAsciiText(last) ? [labels, last.toLowerCase()] : [[...labels, last], ""];
  const ascii = plausible.test(text) ? domainToASCII(whole.join(".")) : "";
  return ascii === "" ? undefined : `${ascii}.${rest}`;
}

function isAsciiText(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

function checkedAscii(ascii: string, refuse: (message: string) => never): string {
  if (ascii.length > maxLength) refuse(`A host name has 1 to ${maxLength} characters.`);
  const labels = ascii.split(".");
  if (labels.some((label) => label === "")) refuse("A host name has no empty parts, and no dot at its end.");
  if (!labels.every((label) => labelForm.test(label))) {
    refuse("Each part of a host name has 1 to 63 letters, digits and inner hyphens.");
  }
  if (numericLabel.test(labels.at(-1) ?? "")) refuse("A host name is no IP address.");
  if (labels.length < 2) refuse("A host name has at least two parts, like acme.example.");
  return ascii;
}
