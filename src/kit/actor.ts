/** What a caller may do; each role may what those before it may. */
export type Role = "VIEWER" | "OPERATOR" | "ADMIN";

/** Who acts: an API key, or the service itself. */
export interface Actor {
  /** Stable and unique; idempotency keys and audit rows are kept by it. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Who acts, and in which request. */
export interface Origin {
  readonly actor: Actor;
  readonly requestId: string;
}
