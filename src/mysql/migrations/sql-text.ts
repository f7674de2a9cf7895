/** A text as a literal that means the same whatever the SQL mode: quotes are doubled, and a backslash is given as hex. */
export function quoteText(text: string): string {
  if (/[\\\0]/.test(text)) return `CONVERT(X'${Buffer.from(text, "utf8").toString("hex")}' USING utf8mb4)`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** What every migration begins with, whatever the server's defaults are: the same folder must end in the same everywhere. */
export function sessionSettings(options: { readonly lockWaitSeconds: number }): string {
  return (
    "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci, time_zone = '+00:00', " +
    "sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
    `lock_wait_timeout = ${options.lockWaitSeconds}, innodb_lock_wait_timeout = ${options.lockWaitSeconds}, ` +
    "autocommit = 1, completion_type = 0, " +
    "default_storage_engine = InnoDB, foreign_key_checks = 1, unique_checks = 1, sql_notes = 1"
  );
}
