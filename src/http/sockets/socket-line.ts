import { WebSocket } from "ws";

/** More texts than this on their way, and nothing is read from the client until it has taken some. */
const maxOutstanding = 128;
/** More bytes than this on their way, and a ping is not answered: a client that reads nothing is owed nothing. */
const maxBufferedBytes = 64 * 1024;
/** A client takes each text within this time, or it is cut: pongs alone do not show that it reads. */
const takeWithinMs = 30_000;
const pingEveryMs = 12_000;

/** The traffic of one socket: nothing piles up for a client that does not read. */
export class SocketLine {
  /** When each text that is on its way was handed over, the oldest first. */
  readonly #outstanding: number[] = [];
  #answered = true;
  #pingedAtMs: number;
  #closing = false;

  constructor(
    readonly socket: WebSocket,
    private readonly nowMs: () => number,
  ) {
    this.#pingedAtMs = nowMs();
    socket.on("pong", () => {
      this.#answered = true;
    });
    socket.on("ping", (data) => {
      if (this.isOpen && socket.bufferedAmount < maxBufferedBytes) socket.pong(data);
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Resolves when the text is on its way, so that a slow client slows down its own subscriptions and nothing piles up; and a
   * turn later at the earliest, so that a source that never waits leaves room for everybody else.
   */
  send(data: string): Promise<void> {
    return new Promise((resolve) => {
      // A failed write, like one to a socket that is closing, is followed by the socket's close, which ends its operations.
      if (!this.isOpen) {
        setImmediate(resolve);
        return;
      }
      this.#outstanding.push(this.nowMs());
      if (this.#outstanding.length >= maxOutstanding) this.socket.pause();
      this.socket.send(data, () => {
        this.#outstanding.shift();
        if (this.socket.isPaused && this.#outstanding.length < maxOutstanding / 2) this.socket.resume();
        setImmediate(resolve);
      });
    });
  }

  /** Cuts a client that does not read, does not answer or does not say good-bye, and pings the others. */
  check(): void {
    const nowMs = this.nowMs();
    const [oldest] = this.#outstanding;
    if (this.#closing || (oldest !== undefined && nowMs - oldest > takeWithinMs)) {
      this.socket.terminate();
      return;
    }
    this.#closing = this.socket.readyState === WebSocket.CLOSING;
    if (!this.isOpen || nowMs - this.#pingedAtMs < pingEveryMs) return;
    if (!this.#answered) {
      this.socket.terminate();
      return;
    }
    this.#answered = false;
    this.#pingedAtMs = nowMs;
    this.socket.ping();
  }
}
