/** Name of the table of ours that each tenant database carries. Migrations may not touch it. */
export const journalTable = "tenantry_journal";

/**
 * The journal of a tenant's database, made before anything else in it. Its rows:
 * - `('', 0)`: the ownership marker; `tenant_id` says whose database this is. Columns beyond the key have defaults.
 * - `(tag, 0)`: a migration as a whole; `checksum` is its file's, `from_version` the newest tag before it.
 * - `(tag, 1…)`: its statements; `checksum` is the statement's own, so that a half-applied file may still be mended behind what was done.
 * - `('@baseline', 0)`: stands from the start of a folded batch to its end. `('@seed', 0)`: the seed has run.
 */
export const createJournalSql = `CREATE TABLE IF NOT EXISTS ${journalTable} (
  tenant_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  migration varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  statement int unsigned NOT NULL,
  checksum char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  status varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'DONE',
  from_version varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  started_at datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at datetime(3) DEFAULT NULL,
  PRIMARY KEY (migration, statement)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`;
