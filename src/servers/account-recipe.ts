/** What a tenant's account may do on its database, and nothing else. No EVENT, TRIGGER, ROUTINE, GRANT OPTION; nothing global. */
export const tenantPrivileges = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "ALTER",
  "DROP",
  "INDEX",
  "REFERENCES",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "CREATE VIEW",
  "SHOW VIEW",
] as const;

/** Charset and collation of every tenant database; said explicitly, then verified. */
export const tenantCharset = { charset: "utf8mb4", collation: "utf8mb4_unicode_ci" } as const;

/** MAX_USER_CONNECTIONS of a tenant's account. */
export const tenantMaxUserConnections = 50;

/** The host part of a tenant's only account. */
export const tenantAccountHost = "%";
