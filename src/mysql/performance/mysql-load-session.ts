import { assertNever } from "../../kit/assert-never.ts";
import { type Operation, rangeRows } from "../../test-runs/load/operation-mix.ts";
import type { LoadSession } from "../../test-runs/load/tenant-load.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { type LoadSql, loadSettings } from "./load-sql.ts";

interface CounterRow {
  readonly counter: number;
}

/** A tenant's session on its scratch table. */
export class MysqlLoadSession implements LoadSession {
  constructor(
    private readonly session: ServerSession,
    private readonly sql: LoadSql,
  ) {}

  async setUp(): Promise<void> {
    await this.session.run(loadSettings);
  }

  async warmUp(): Promise<void> {
    await this.session.query(this.sql.pointRead, [1]);
  }

  async perform({ kind, row, payload }: Operation): Promise<void> {
    const { session, sql } = this;
    switch (kind) {
      case "POINT_READ":
        await session.query(sql.pointRead, [row]);
        return;
      case "RANGE_READ":
        await session.query(sql.rangeRead, [row, row + rangeRows - 1]);
        return;
      case "INSERT":
        await session.run(sql.insert, [row % 50, payload]);
        return;
      case "UPDATE":
        await session.run(sql.update, [row]);
        return;
      case "TRANSACTION":
        return this.#inTransaction(async () => {
          await session.query(sql.lockRow, [row]);
          await session.run(sql.update, [row]);
          await session.run(sql.insert, [row % 50, payload]);
        });
      default:
        return assertNever(kind);
    }
  }

  async addRow(name: string): Promise<void> {
    await this.session.run(this.sql.addRow, [name]);
  }

  async hasRow(name: string): Promise<boolean> {
    const [row] = await this.session.query<{ readonly found: number }>(this.sql.countRows, [name]);
    return Number(row?.found ?? 0) > 0;
  }

  async addRowAndRollBack(name: string): Promise<void> {
    await this.session.run("START TRANSACTION");
    await this.session.run(this.sql.addRow, [name]);
    await this.session.run("ROLLBACK");
  }

  increment(name: string): Promise<void> {
    // Read, then written: only a lock that really keeps others out makes the sum come true.
    return this.#inTransaction(async () => {
      const [row] = await this.session.query<CounterRow>(this.sql.lockCounter, [name]);
      await this.session.run(this.sql.setCounter, [Number(row?.counter ?? 0) + 1, name]);
    });
  }

  async counterOf(name: string): Promise<number | undefined> {
    const [row] = await this.session.query<CounterRow>(this.sql.counter, [name]);
    return row && Number(row.counter);
  }

  async #inTransaction(work: () => Promise<void>): Promise<void> {
    await this.session.run("START TRANSACTION");
    try {
      await work();
      await this.session.run("COMMIT");
    } catch (error) {
      // A broken session cannot roll back, and need not; what went wrong first is what counts.
      await this.session.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }
}
