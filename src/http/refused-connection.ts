import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { errorBody } from "./error-presenter.ts";

/** Why a connection was refused before it became a request. */
export type ConnectionRefusal = readonly [status: string, code: string];

/** What Node says of a connection that sent no proper request. */
export function refusalOf(error: { readonly code?: string | undefined }): ConnectionRefusal {
  if (error.code === "HPE_HEADER_OVERFLOW") return ["431 Request Header Fields Too Large", "BAD_REQUEST"];
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return ["408 Request Timeout", "REQUEST_TIMEOUT"];
  return ["400 Bad Request", "BAD_REQUEST"];
}

/** Answers a connection that never became a request. */
export function refuseConnection(connection: Duplex, [status, code]: ConnectionRefusal): void {
  if (!connection.writable) {
    connection.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(code, status.slice(4), randomUUID()));
  connection.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
