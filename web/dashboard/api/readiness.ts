import type { Connection } from "./connection.ts";

/** How long to wait between two questions. */
const againMs = 2_000;

export interface ReadinessOptions {
  readonly connection: Pick<Connection, "lost" | "online">;
  /** Whether the service says that it is ready. Never rejects. */
  ask(): Promise<boolean>;
  /** Resolves when it is time to ask again. */
  pause(): Promise<void>;
}

/**
 * A service that answers, but not with what is in its registry, keeps its sockets open: to who looks at the page it is lost all the
 * same, until it says that it is ready.
 */
export class Readiness {
  #asking = false;
  #closed = false;

  constructor(private readonly options: ReadinessOptions) {}

  /** Something was refused because the registry is away. */
  unavailable(): void {
    if (this.#asking || this.#closed) return;
    this.#asking = true;
    this.options.connection.lost();
    void this.#untilReady();
  }

  close(): void {
    this.#closed = true;
  }

  async #untilReady(): Promise<void> {
    const { connection, ask, pause } = this.options;
    do await pause();
    while (!this.#closed && !(await ask()));
    this.#asking = false;
    if (!this.#closed) connection.online();
  }
}

export function askService(): Promise<boolean> {
  return fetch("/readyz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
}

export function pauseAWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, againMs));
}
