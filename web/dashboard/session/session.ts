import type { ViewerQuery } from "../gql/graphql.ts";

export type Viewer = ViewerQuery["viewer"];

/** Signed out, with a sentence about why where there is one; or with a key that is being tried; or signed in. */
export type SessionState =
  | { readonly phase: "out"; readonly reason?: string }
  | { readonly phase: "trying"; readonly key: string }
  | { readonly phase: "in"; readonly key: string; readonly viewer: Viewer };

/** Under this name the playground of the same tab finds the key, too. */
const storedKey = "tenantry:key";

/** Who works with this browser tab. The key lives as long as the tab does. */
export class Session {
  readonly #listeners = new Set<() => void>();
  #state: SessionState;

  /** @param key to begin with, e.g. that of a link */
  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    key?: string,
  ) {
    const known = key ?? storage.getItem(storedKey) ?? undefined;
    this.#state = known ? { phase: "trying", key: known } : { phase: "out" };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): SessionState => this.#state;

  /** Tries a key; whether it opens anything, the service says. */
  try(key: string): void {
    this.#change({ phase: "trying", key });
  }

  /** The service knows the key. */
  begin(key: string, viewer: Viewer): void {
    this.storage.setItem(storedKey, key);
    this.#change({ phase: "in", key, viewer });
  }

  /** Forgets the key. @param reason a sentence for the sign-in page */
  end(reason?: string): void {
    this.storage.removeItem(storedKey);
    this.#change({ phase: "out", ...(reason && { reason }) });
  }

  /** The service refused a key. Of one that is no longer this session's it may say so late. */
  refuse(key: string): void {
    if (this.#state.phase === "out" || this.#state.key !== key) return;
    const wasIn = this.#state.phase === "in";
    this.end(
      wasIn
        ? "Your key is not accepted any more: it was revoked, or it has expired. Sign in with another one."
        : "The service does not know this key, or it has ended.",
    );
  }

  #change(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
