import { connect, type Socket } from "node:net";
import type { ServerEndpoint } from "./server-endpoint.ts";

/**
 * Where bytes arrive, of all connections: they are copied out before anything else is read. Left to itself, Node allocates 64 KB for each answer
 * and leads it through a stream's queue, which is an eighth of the time that a short statement costs this process outside of the kernel.
 */
const arrivals = Buffer.allocUnsafeSlow(65_536);

/** Begins to connect. It tells of what arrives as any stream does; with TLS it is for who unwraps it. */
export function socketTo({ host, port, tls }: ServerEndpoint): Socket {
  const callback = (length: number, bytes: Uint8Array) => {
    socket.emit("data", Buffer.from(bytes.subarray(0, length)));
    return true;
  };
  const onread = tls === "DISABLED" ? { onread: { buffer: arrivals, callback } } : {};
  const socket: Socket = connect({ host, port, noDelay: true, keepAlive: true, ...onread });
  return socket;
}
