/** How the socket stands. `epoch` grows each time that it is there again after a loss: what was read before may be old. */
export interface ConnectionState {
  readonly status: "CONNECTING" | "ONLINE" | "LOST";
  readonly epoch: number;
}

/** Whether the service can be heard, as the page sees it. */
export class Connection {
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = { status: "CONNECTING", epoch: 0 };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): ConnectionState => this.#state;

  online(): void {
    const { status, epoch } = this.#state;
    if (status !== "ONLINE") this.#change({ status: "ONLINE", epoch: status === "LOST" ? epoch + 1 : epoch });
  }

  lost(): void {
    if (this.#state.status !== "LOST") this.#change({ ...this.#state, status: "LOST" });
  }

  #change(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
