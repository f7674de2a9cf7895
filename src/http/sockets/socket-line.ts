import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import { WebSocket } from "ws";
import { textHeader } from "./text-frame.ts";
import type { TurnEnd } from "./turn-end.ts";

/** More texts than this on their way, and nothing is read from the client until it has taken some. */
const maxOutstanding = 128;
/** With as many bytes on their way there is no room for more. */
const roomBytes = 16 * 1024;
/** More bytes than this on their way, and a ping is not answered: a client that reads nothing is owed nothing. */
const maxBufferedBytes = 64 * 1024;
/** A client takes what is written, and answers what it is asked, within this time, or it is cut. */
const takeWithinMs = 30_000;
const pingEveryMs = 12_000;

/** Texts that were handed to the connection together. */
interface Write {
  readonly atMs: number;
  readonly texts: number;
}

/** What a line has of its connection. */
export interface SocketConnection {
  readonly socket: WebSocket;
  /** Below the socket. Frames are written to it as a whole, so that those of the socket's own (pings, the good-bye) go between them. */
  readonly stream: Writable;
}

/**
 * The traffic of one socket: nothing piles up for a client that does not read. What it is handed in a turn goes out at its end in
 * one write, which costs more than all that is done for a text beside it.
 */
export class SocketLine {
  readonly socket: WebSocket;
  readonly #stream: Writable;
  /** Not written yet, each byte a character. */
  #frames = "";
  #framedTexts = 0;
  /** On their way, the oldest first. */
  readonly #writes: Write[] = [];
  /** Not written yet or on their way. */
  #texts = 0;
  #room: Promise<void> | undefined;
  #makeRoom: (() => void) | undefined;
  readonly #onTaken = () => this.#take();
  #pingedAtMs: number;
  /**
   * What the pong to our ping must say. Buffers on the way take much before a write has to wait, and pongs nobody asked for are
   * allowed: only one who has read everything up to the ping can say this (RFC 6455, 5.5.3).
   */
  #asked: Buffer | undefined;
  #closing = false;

  constructor(
    { socket, stream }: SocketConnection,
    private readonly turn: TurnEnd,
    private readonly nowMs: () => number,
  ) {
    this.socket = socket;
    this.#stream = stream;
    this.#pingedAtMs = nowMs();
    socket.on("pong", (data) => {
      if (this.#asked?.equals(data)) this.#asked = undefined;
    });
    socket.on("ping", (data) => {
      if (this.isOpen && socket.bufferedAmount < maxBufferedBytes) socket.pong(data);
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Sends a text, given as the bytes of its UTF-8, with all that is sent in this turn.
   * @returns undefined where there is room for more; else what resolves when there is, so that a slow client slows down its own
   * subscriptions and nothing piles up, and a source that never waits leaves room for everybody else
   */
  send(bytes: string): Promise<void> | undefined {
    // A failed write, like one to a socket that is closing, is followed by the socket's close, which ends its operations.
    if (!this.isOpen) return this.turn.reached();
    if (this.#framedTexts === 0) this.turn.add(this);
    this.#frames += textHeader(bytes.length) + bytes;
    this.#framedTexts += 1;
    this.#texts += 1;
    if (this.#texts >= maxOutstanding) this.socket.pause();
    if (this.#hasRoom) return undefined;
    this.#room ??= new Promise((resolve) => {
      this.#makeRoom = resolve;
    });
    return this.#room;
  }

  /** Writes what was sent until now. */
  flush(): void {
    const frames = this.#frames;
    if (frames === "") return;
    this.#writes.push({ atMs: this.nowMs(), texts: this.#framedTexts });
    this.#frames = "";
    this.#framedTexts = 0;
    if (this.isOpen) this.#stream.write(frames, "latin1", this.#onTaken);
    else this.#take();
  }

  /** Says good-bye, after what was sent until now. */
  close(code?: number, reason?: string): void {
    this.flush();
    this.socket.close(code, reason);
  }

  /** Cuts a client that does not read, does not answer or does not say good-bye, and pings the others. */
  check(): void {
    const nowMs = this.nowMs();
    const since = Math.min(this.#writes[0]?.atMs ?? nowMs, this.#asked ? this.#pingedAtMs : nowMs);
    if (this.#closing || nowMs - since > takeWithinMs) {
      this.socket.terminate();
      return;
    }
    this.#closing = this.socket.readyState === WebSocket.CLOSING;
    if (!this.isOpen || this.#asked || nowMs - this.#pingedAtMs < pingEveryMs) return;
    this.#asked = randomBytes(8);
    this.#pingedAtMs = nowMs;
    this.socket.ping(this.#asked);
  }

  get #hasRoom(): boolean {
    return this.#frames.length + this.#stream.writableLength < roomBytes;
  }

  /** The oldest of what is on its way was taken, or never will be. */
  #take(): void {
    this.#texts -= this.#writes.shift()?.texts ?? 0;
    if (this.socket.isPaused && this.#texts < maxOutstanding / 2) this.socket.resume();
    if (!this.#hasRoom) return;
    this.#makeRoom?.();
    this.#room = undefined;
    this.#makeRoom = undefined;
  }
}
