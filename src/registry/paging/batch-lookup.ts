import { type Placeholder, sql } from "drizzle-orm";
import { isAsciiKey } from "./keyset.ts";

interface Prepared<Row> {
  execute(values: Record<string, unknown>): Promise<readonly Row[]>;
}

/** Lengths that IN lists are padded to, so that the statements can be built once; longer ones are asked in parts. */
const lengths = [1, 8, 64, 256];
const longest = 256;

/** Reads what belongs to many keys, by statements that are built once. */
export class BatchLookup<Key extends string, Row> {
  readonly #prepared = new Map<number, Prepared<Row>>();

  /** @param prepare makes the statement for an IN list of these places */
  constructor(private readonly prepare: (keys: readonly Placeholder[]) => Prepared<Row>) {}

  /** Rows of all keys, in no order. Keys that no column could hold are left out. */
  async rows(keys: readonly Key[]): Promise<readonly Row[]> {
    const possible = [...new Set(keys)].filter(isAsciiKey);
    const found: Row[] = [];
    for (let start = 0; start < possible.length; start += longest) {
      found.push(...(await this.#part(possible.slice(start, start + longest))));
    }
    return found;
  }

  #part(keys: readonly Key[]): Promise<readonly Row[]> {
    const length = lengths.find((size) => size >= keys.length) ?? longest;
    let statement = this.#prepared.get(length);
    if (!statement) {
      statement = this.prepare(Array.from({ length }, (_, position) => sql.placeholder(`key${position}`)));
      this.#prepared.set(length, statement);
    }
    const padded = Array.from({ length }, (_, position) => [`key${position}`, keys[position] ?? keys[0]]);
    return statement.execute(Object.fromEntries(padded));
  }
}
