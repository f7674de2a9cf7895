import { DomainError } from "../kit/domain-error.ts";
import type { ServerId } from "../kit/ids.ts";

/** Trouble of the server as a whole: what it did to one tenant it would do to the next. */
const wholeServer: ReadonlySet<string> = new Set(["UNREACHABLE", "READ_ONLY", "DISK_FULL"]);
const quick: ReadonlySet<string> = new Set(["LOCK_TIMEOUT", "DEADLOCK"]);

/** Whether the same statement may well succeed a moment later. */
export function passesQuickly(error: DomainError): boolean {
  return quick.has(error.code);
}

/** Whether the trouble says nothing of the tenant that it was met with: our own connections, or the server as a whole. */
export function sparesTenant(error: DomainError): boolean {
  return wholeServer.has(error.code) || error.code === "QUEUE_TIMEOUT";
}

/** Retryable trouble that one start of a job met: its servers are left alone until the next start, the others go on. */
export class Troubles {
  readonly #blocked = new Set<ServerId>();
  #first: DomainError | undefined;

  get first(): DomainError | undefined {
    return this.#first;
  }

  add(serverId: ServerId, trouble: DomainError): void {
    this.#first ??= trouble;
    this.notice(serverId, trouble);
  }

  /** Leaves the server alone from now on when the error means that it is in trouble as a whole. */
  notice(serverId: ServerId, error: unknown): void {
    if (error instanceof DomainError && wholeServer.has(error.code)) this.#blocked.add(serverId);
  }

  blocks(serverId: ServerId): boolean {
    return this.#blocked.has(serverId);
  }
}
