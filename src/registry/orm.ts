import type { MySql2Database } from "drizzle-orm/mysql2";
import type { QueryOptions, QueryValues } from "mysql2/promise";

/** Drizzle over the pool, or over the one connection of a transaction. Never leaves the registry's room. */
export type Orm = MySql2Database;

/** A statement, or a packet of them, on one connection. @returns as mysql2 does, the result and what it says of the columns */
export type Query = (options: string | QueryOptions, values?: QueryValues) => Promise<unknown>;
