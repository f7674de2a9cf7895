import { DomainError, InvalidInput } from "../kit/domain-error.ts";

/** The name is one that MySQL, MariaDB or an operator means something else by. */
export class ReservedName extends DomainError {
  readonly code = "RESERVED_NAME";
}

const form = /^[a-z0-9](-?[a-z0-9])+$/;
const prefixForm = /^[a-z0-9](-?[a-z0-9])*$/;
const minLength = 2;
const maxLength = 63;
/** A hyphen and up to six digits follow. */
const maxPrefixLength = maxLength - 7;

const reserved: ReadonlySet<string> = new Set([
  // System databases and accounts of MariaDB and MySQL.
  ...["mysql", "mariadb", "sys", "information-schema", "informationschema", "performance-schema", "performanceschema"],
  ...["innodb", "ndbinfo", "test", "root", "mysql-sys", "mysql-session", "mysql-infoschema", "mariadb-sys"],
  // Names that a reader of a log or a URL would take for something else.
  ...["admin", "administrator", "localhost", "system", "public", "default", "null", "undefined", "tenantry"],
]);

/** Whether a tenant may be called so at all, reserved names apart. */
export function isSlug(text: string): boolean {
  return text.length >= minLength && text.length <= maxLength && form.test(text);
}

/** Checks a slug; it is compared as bytes, so that nothing is trimmed or lower-cased. @throws InvalidInput, ReservedName */
export function parseSlug(slug: string, field: readonly string[]): string {
  if (!isSlug(slug)) {
    throw new InvalidInput(
      `A slug has ${minLength} to ${maxLength} characters: lower-case letters, digits, and single hyphens between them.`,
      { field },
    );
  }
  if (reserved.has(slug)) throw new ReservedName(`The slug "${slug}" is reserved.`, { field });
  return slug;
}

/** Checks what numbered slugs begin with; a reserved name is none any more with a number behind it. @throws InvalidInput */
export function parseSlugPrefix(prefix: string, field: readonly string[]): string {
  if (prefix.length > maxPrefixLength || !prefixForm.test(prefix)) {
    throw new InvalidInput(
      `A slug prefix has 1 to ${maxPrefixLength} characters: lower-case letters, digits, and single hyphens between them.`,
      { field },
    );
  }
  return prefix;
}

/** Slug number `n` of a prefix: `test-0001`. */
export function numberedSlug(prefix: string, n: number): string {
  return `${prefix}-${String(n).padStart(4, "0")}`;
}
