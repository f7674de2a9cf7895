import type { ServerId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import type { DatabaseEngine } from "./database-server.ts";

/** What a server says of itself. */
export interface ServerIdentity {
  readonly engine: DatabaseEngine;
  readonly version: string;
  readonly maxConnections: number;
}

/** The tenant servers, as far as finding and knowing them is concerned. */
export interface ServerContact {
  /** From now on the server is found under this admin URL. @returns where that is @throws DomainError when the URL is no such one */
  attach(id: ServerId, adminUrl: Secret): { readonly host: string; readonly port: number };
  /** Asks the server, as its admin. @throws ServerTrouble within `deadlineMs` */
  identify(id: ServerId, deadlineMs: number, signal: AbortSignal): Promise<ServerIdentity>;
}
