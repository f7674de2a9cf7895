import type { Connection, RowDataPacket } from "mysql2/promise";
import { tenantMaxUserConnections, tenantPrivileges } from "../../src/servers/account-recipe.ts";
import type { BenchDatabase } from "./bench-database.ts";
import { freshName } from "./bench-service.ts";

/** Everything that a tenant has on its server, as one text of SQL: what no way of making a tenant can do without. */
export class RawBatch {
  readonly #made: string[] = [];

  private constructor(
    private readonly database: BenchDatabase,
    private readonly tables: readonly { readonly name: string; readonly create: string }[],
    /** A tenant's database whose rows are copied. */
    private readonly model: string,
  ) {}

  /** Reads from a tenant that the service made what there is to be made. */
  static async like(database: BenchDatabase, model: string): Promise<RawBatch> {
    const names = await database.rows<{ name: string }>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
      [model],
    );
    const tables: { name: string; create: string }[] = [];
    for (const { name } of names) {
      const [shown] = await database.rows<{ "Create Table": string }>(`SHOW CREATE TABLE ${model}.\`${name}\``);
      tables.push({ name, create: shown?.["Create Table"] ?? "" });
    }
    return new RawBatch(database, tables, model);
  }

  /** A connection that may be kept for many tenants. */
  connect(): Promise<Connection> {
    return this.database.connect({ multipleStatements: true });
  }

  /** One tenant in one round trip. */
  async make(connection: Connection): Promise<void> {
    const name = freshName("raw");
    this.#made.push(name);
    await connection.query<RowDataPacket[]>(this.#statements(name).join(";\n"));
  }

  /** Drops what was made. */
  async clear(): Promise<void> {
    for (const name of this.#made.splice(0)) {
      await this.database.rows(`DROP DATABASE ${name}`);
      await this.database.rows(`DROP USER '${name}'@'%'`);
    }
  }

  #statements(name: string): readonly string[] {
    const account = `'${name}'@'%'`;
    return [
      `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
      `CREATE USER ${account} IDENTIFIED BY '${name}' WITH MAX_USER_CONNECTIONS ${tenantMaxUserConnections}`,
      `GRANT ${tenantPrivileges.join(", ")} ON ${name}.* TO ${account}`,
      `USE ${name}`,
      "SET foreign_key_checks = 0, unique_checks = 0",
      ...this.tables.map(({ create }) => create),
      "START TRANSACTION",
      ...this.tables.map((table) => `INSERT INTO \`${table.name}\` SELECT * FROM ${this.model}.\`${table.name}\``),
      "COMMIT",
    ];
  }
}
