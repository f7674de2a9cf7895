const generatedName = /^(tnt|scratch)[a-z0-9]{6,27}$/;
const knownNames: ReadonlySet<string> = new Set([
  "tenantry_journal",
  "tenantry_canary",
  "tenantry_canary_made",
  "tenantry_canary_none",
  "tenantry_canary_view",
  "mysql",
  "information_schema",
]);

/** A name was about to be written into SQL that we did not make: always a bug. */
export class UnsafeIdentifier extends Error {
  override readonly name = "UnsafeIdentifier";
}

/** A generated name or a known constant, in backticks. Nothing else gets into SQL as a name. @throws UnsafeIdentifier */
export function quoteName(name: string): string {
  if (!generatedName.test(name) && !knownNames.has(name)) {
    throw new UnsafeIdentifier(`${JSON.stringify(name.slice(0, 64))} is no name of ours.`);
  }
  return `\`${name}\``;
}

/** The account of a tenant, `'<name>'@'%'`. @throws UnsafeIdentifier */
export function quoteAccount(name: string): string {
  return `${quoteAccountName(name)}@'%'`;
}

/** A generated name as the first half of an account, whatever its host. @throws UnsafeIdentifier */
export function quoteAccountName(name: string): string {
  if (!generatedName.test(name)) {
    throw new UnsafeIdentifier(`${JSON.stringify(name.slice(0, 64))} is no account of ours.`);
  }
  return `'${name}'`;
}

/**
 * A name that the server itself told us of, for revoking what should not be there. It may hold any character,
 * so that backticks are doubled, which is all that the grammar of a quoted identifier asks for.
 */
export function quoteObservedName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
