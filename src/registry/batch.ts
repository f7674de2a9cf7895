import type { Orm, Query } from "./orm.ts";
import { packetsOf, type Statement } from "./statements.ts";

/** Rows of a statement that reads; of one that writes, what the server says of it. */
type Result = readonly Readonly<Record<string, unknown>>[];

const begin: Statement = { sql: "START TRANSACTION", values: [] };
const end: Statement = { sql: "COMMIT", values: [] };

/** One transaction whose statements go many in a packet: a round trip costs more than most of them. */
export class Batch {
  #state: "NEW" | "OPEN" | "ENDED" = "NEW";

  constructor(
    private readonly query: Query,
    private readonly orm: () => Orm,
  ) {}

  /** For what is asked seldom. Statements were sent before. */
  get tx(): Orm {
    return this.orm();
  }

  /** Sends them in order; the first that fails is the last that is carried out. @returns their results */
  async send(statements: readonly Statement[]): Promise<readonly Result[]> {
    const opening = this.#state === "NEW";
    this.#state = "OPEN";
    const results = await this.#deliver(opening ? [begin, ...statements] : statements);
    return opening ? results.slice(1) : results;
  }

  /** The same, and then all is written down. Whatever comes later is not part of it. */
  async commit(statements: readonly Statement[]): Promise<void> {
    if (this.#state === "ENDED" || (this.#state === "NEW" && statements.length === 0)) return;
    await this.send([...statements, end]);
    this.#state = "ENDED";
  }

  async #deliver(statements: readonly Statement[]): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const packet of packetsOf(statements)) {
      const [answer] = (await this.query(packet.join(";\n"))) as [Result | readonly Result[], unknown];
      // A single statement is answered by its result alone.
      results.push(...(packet.length === 1 ? [answer as Result] : (answer as readonly Result[])));
    }
    return results;
  }
}
