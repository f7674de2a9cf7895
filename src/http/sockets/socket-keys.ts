import { CloseCode } from "graphql-ws";
import type { Actor } from "../../kit/actor.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { SocketLine } from "./socket-line.ts";

type Authenticate = (secret: string) => Promise<Actor | undefined>;

/** By which key each socket came in. A key that has ended takes its sockets with it. */
export class SocketKeys {
  readonly #bySecret = new Map<string, Set<SocketLine>>();
  readonly #counts = new Map<string, number>();

  constructor(private readonly authenticate: Authenticate) {}

  /** How many sockets came in by a key. @param actorId of the key */
  count(actorId: string): number {
    return this.#counts.get(actorId) ?? 0;
  }

  /** Remembers a socket until it is closed. */
  add(line: SocketLine, secret: string, actor: Actor): void {
    const lines = this.#bySecret.get(secret) ?? new Set();
    this.#bySecret.set(secret, lines.add(line));
    this.#counts.set(actor.id, this.count(actor.id) + 1);
    line.socket.once("close", () => {
      lines.delete(line);
      if (lines.size === 0) this.#bySecret.delete(secret);
      const left = this.count(actor.id) - 1;
      if (left > 0) this.#counts.set(actor.id, left);
      else this.#counts.delete(actor.id);
    });
  }

  /** Closes the sockets of keys that are expired or revoked. What cannot be found out now is asked again the next time. */
  async check(): Promise<void> {
    for (const [secret, lines] of [...this.#bySecret]) {
      if (await this.#holds(secret)) continue;
      for (const line of lines) line.close(CloseCode.Forbidden, "Forbidden");
    }
  }

  async #holds(secret: string): Promise<boolean> {
    try {
      return (await this.authenticate(secret)) !== undefined;
    } catch (error) {
      if (error instanceof DomainError && error.retryable) return true;
      throw error;
    }
  }
}
