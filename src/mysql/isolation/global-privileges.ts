/**
 * What each bit of `access` in mysql.global_priv means, from the lowest, as MariaDB 10.11 has them (sql/privilege.h); a test compares them with
 * what the server itself lists.
 */
const byBit = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "RELOAD",
  "SHUTDOWN",
  "PROCESS",
  "FILE",
  "GRANT OPTION",
  "REFERENCES",
  "INDEX",
  "ALTER",
  "SHOW DATABASES",
  "SUPER",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "REPLICATION SLAVE",
  "BINLOG MONITOR",
  "CREATE VIEW",
  "SHOW VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "CREATE USER",
  "EVENT",
  "TRIGGER",
  "CREATE TABLESPACE",
  "DELETE HISTORY",
  "SET USER",
  "FEDERATED ADMIN",
  "CONNECTION ADMIN",
  "READ_ONLY ADMIN",
  "REPLICATION SLAVE ADMIN",
  "REPLICATION MASTER ADMIN",
  "BINLOG ADMIN",
  "BINLOG REPLAY",
  "SLAVE MONITOR",
] as const;

/** Stands for rights that have no name here. */
export const unnamedPrivileges = "GLOBAL PRIVILEGES";

/** Names of global privileges. @param globals MariaDB's bits, or MySQL's names with commas between them */
export function globalPrivileges(globals: number | string): readonly string[] {
  if (typeof globals === "string" && /[a-z]/i.test(globals)) return globals.split(",");
  const bits = BigInt(globals === "" ? 0 : globals);
  const named = byBit.filter((_, at) => (bits >> BigInt(at)) & 1n);
  return bits >> BigInt(byBit.length) === 0n ? named : [...named, unnamedPrivileges];
}
