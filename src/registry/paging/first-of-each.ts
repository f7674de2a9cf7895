import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * Keys of the first rows of a list that is narrowed to several values of what an index leads by. There each value's rows stand
 * in the order of the list, those of all do not: the first ones are read of each, and the caller sorts these few.
 * @param values at least one
 * @param look reads the keys of one value's first rows @returns a derived table called `hits`
 */
export function firstOfEach<Value>(values: readonly Value[], look: (value: Value) => SQLWrapper): SQL {
  const looks = [...new Set(values)].map((value) => sql`(${look(value)})`);
  return sql`(${sql.join(looks, sql` union all `)}) hits`;
}
