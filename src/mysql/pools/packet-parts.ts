import { trouble } from "./classify-error.ts";
import type { PacketAnswer, ServerSession } from "./server-sessions.ts";

/**
 * What one packet may hold. Below what any server takes by default, and so large that a part's way to the server and back does
 * not count beside its work.
 */
const partBytes = 500_000;
/** ER_NET_PACKET_TOO_LARGE. The server itself says so and hangs up, which looks like a server that is gone. */
const packetTooLarge = 1153;

interface Part {
  readonly statements: readonly string[];
  readonly bytes: number;
}

/**
 * Sends statements in as many packets as they need; answered as if it had been one.
 * @param send one packet @param ask for what a packet may hold, where one statement alone is more than a part
 * @throws ServerTrouble when the server did not answer
 */
export async function sendInParts(
  statements: readonly string[],
  send: (part: readonly string[]) => Promise<PacketAnswer>,
  ask: ServerSession["query"],
): Promise<PacketAnswer> {
  const rows: (readonly object[])[] = [];
  for (const part of partsOf(statements)) {
    const tooLarge = part.bytes > partBytes && part.bytes >= (await mostBytes(ask));
    const answer = tooLarge ? refused() : await send(part.statements);
    if (answer.refusal) return { ...answer, carriedOut: rows.length + answer.carriedOut, rows: [] };
    rows.push(...answer.rows);
  }
  return { carriedOut: rows.length, rows };
}

/** In order; a statement that is larger than a part is one of its own. */
function partsOf(statements: readonly string[]): readonly Part[] {
  const parts: { statements: string[]; bytes: number }[] = [];
  for (const statement of statements) {
    // And the command's own byte, or what stands between two statements.
    const bytes = Buffer.byteLength(statement) + 2;
    const last = parts.at(-1);
    if (!last || last.bytes + bytes > partBytes) parts.push({ statements: [statement], bytes });
    else {
      last.statements.push(statement);
      last.bytes += bytes;
    }
  }
  return parts;
}

async function mostBytes(ask: ServerSession["query"]): Promise<number> {
  const [row] = await ask<{ readonly bytes: number }>("SELECT @@max_allowed_packet AS bytes");
  return row?.bytes ?? Number.POSITIVE_INFINITY;
}

function refused(): PacketAnswer {
  return {
    carriedOut: 0,
    rows: [],
    refusal: trouble("QUERY_FAILED", "measuring a statement", { errno: packetTooLarge }),
  };
}
