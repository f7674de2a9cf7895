import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { type AuthPlugin, authPlugins } from "mysql2";

const nonceLength = 20;
const native = authPlugins.mysql_native_password({});

/**
 * MariaDB meets each change of a connection's account (COM_CHANGE_USER) with the question for the password, under the nonce that the
 * connection has had from its beginning. Who has heard it twice knows what it will be, and sends the answer along: a round trip less.
 * Where a server turns out to ask something else, or nothing, the log-in fails, and with it the connection.
 */
export class ForeseenAnswer {
  #nonce: Buffer | undefined;
  /** Whether the last two questions were the same. */
  #steady = false;
  /** Whether the next question was answered already. */
  #given = false;

  /** @param socket on which the server reads what is written: no TLS */
  constructor(private readonly socket: Socket) {}

  /** Answers as mysql2 does by itself, or is silent where that was done. */
  readonly plugin: AuthPlugin = (asked) => {
    const answer = native(asked);
    return (question) => {
      const nonce = Buffer.from(question.subarray(0, nonceLength));
      this.#steady = this.#nonce?.equals(nonce) ?? false;
      this.#nonce = nonce;
      if (!this.#given) return answer(question);
      this.#given = false;
      countPacket(asked.connection);
      return null;
    };
  };

  /** Begins a change of account, with the answer where it is known. @param change sends it */
  begin(password: string, change: () => void): void {
    const nonce = this.#steady && password !== "" ? this.#nonce : undefined;
    this.#given = nonce !== undefined;
    if (!nonce) {
      change();
      return;
    }
    // They leave in one piece.
    this.socket.cork();
    change();
    this.socket.write(packetOf(password, nonce));
    this.socket.uncork();
  }
}

/** mysql2 numbers what it sends, and compares the numbers of what comes. */
function countPacket(connection: object): void {
  const number: unknown = Reflect.get(connection, "sequenceId");
  if (typeof number === "number") Reflect.set(connection, "sequenceId", number + 1);
}

/** Third packet of the exchange: header, and the answer of mysql_native_password. */
function packetOf(password: string, nonce: Buffer): Buffer {
  const once = sha1(Buffer.from(password));
  const mask = sha1(nonce, sha1(once));
  return Buffer.from([nonceLength, 0, 0, 2, ...once.map((byte, at) => byte ^ (mask[at] ?? 0))]);
}

function sha1(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
