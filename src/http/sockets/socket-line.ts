import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import { WebSocket } from "ws";
import { textHeader } from "./text-frame.ts";
import type { TurnEnd } from "./turn-end.ts";

/** With as many answers on their way nothing is read from the client until it has taken some. */
const maxAnswers = 128;
/** With as many bytes on their way there is no room for more. */
const roomBytes = 16 * 1024;
/**
 * The same where it is not known that the client has read them. Buffers on the way take megabytes, which a slow client reads for
 * minutes: what is newest would wait behind them, and so would the pong by which it is told from one that reads nothing.
 */
const unreadBytes = 128 * 1024;
/** More bytes than this on their way, and a ping is not answered: a client that reads nothing is owed nothing. */
const maxBufferedBytes = 64 * 1024;
/** A client takes what is written, and answers what it is asked, within this time, or it is cut. */
const takeWithinMs = 30_000;
const pingEveryMs = 12_000;
/**
 * A write that has waited so long found all buffers on the way full. That it is taken shows that the client reads, though the
 * pong may stand behind more than can be read in `takeWithinMs`. Milliseconds.
 */
const waitedMs = 1_000;

/** Texts that were handed to the connection together. */
interface Write {
  readonly atMs: number;
  readonly answers: number;
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
  #framedAnswers = 0;
  /** On their way, the oldest first. */
  readonly #writes: Write[] = [];
  /** Not written yet or on their way. */
  #answers = 0;
  #room: Promise<void> | undefined;
  #makeRoom: (() => void) | undefined;
  readonly #onTaken = () => this.#take();
  #pingedAtMs: number;
  /** When it was last seen to read while a pong is awaited; at first, when that was asked for. */
  #askedAtMs: number;
  /**
   * What the pong to our ping must say. Buffers on the way take much before a write has to wait, and pongs nobody asked for are
   * allowed: only one who has read everything up to the ping can say this (RFC 6455, 5.5.3).
   */
  #asked: Buffer | undefined;
  /** Bytes that were written, up to when that was asked, and up to the newest pong. */
  #written = 0;
  #writtenWhenAsked = 0;
  #read = 0;
  #closing = false;

  constructor(
    { socket, stream }: SocketConnection,
    private readonly turn: TurnEnd,
    private readonly nowMs: () => number,
  ) {
    this.socket = socket;
    this.#stream = stream;
    this.#pingedAtMs = nowMs();
    this.#askedAtMs = this.#pingedAtMs;
    socket.on("pong", (data) => {
      if (this.#asked?.equals(data)) this.#answered();
    });
    socket.on("ping", (data) => {
      if (this.isOpen && socket.bufferedAmount < maxBufferedBytes) socket.pong(data);
    });
    socket.on("close", () => this.#wake());
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Sends what the client asked for: who asks for much and takes little is not read from. Else like {@link push}; one answer for each
   * request bounds what requests can pile up.
   */
  answer(bytes: string): Promise<void> | undefined {
    return this.#send(bytes, 1);
  }

  /**
   * Sends a text, given as the bytes of its UTF-8, with all that is sent in this turn. However much of it is on its way, the client
   * is read from: what it says may be that it wants no more.
   * @returns undefined where there is room for more; else what resolves when there is, so that a slow client slows down its own
   * subscriptions and nothing piles up, and a source that never waits leaves room for everybody else
   */
  push(bytes: string): Promise<void> | undefined {
    return this.#send(bytes, 0);
  }

  #send(bytes: string, answers: 0 | 1): Promise<void> | undefined {
    // A failed write, like one to a socket that is closing, is followed by the socket's close, which ends its operations.
    if (!this.isOpen) return this.turn.reached();
    if (this.#frames === "") this.turn.add(this);
    this.#frames += textHeader(bytes.length) + bytes;
    this.#framedAnswers += answers;
    this.#answers += answers;
    if (this.#answers >= maxAnswers) this.socket.pause();
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
    this.#writes.push({ atMs: this.nowMs(), answers: this.#framedAnswers });
    this.#frames = "";
    this.#framedAnswers = 0;
    if (!this.isOpen) {
      this.#take();
      return;
    }
    this.#written += frames.length;
    this.#stream.write(frames, "latin1", this.#onTaken);
    this.#askWhereMuchIsUnread();
  }

  /** Says good-bye, after what was sent until now. */
  close(code?: number, reason?: string): void {
    this.flush();
    this.socket.close(code, reason);
  }

  /** Cuts a client that does not read, does not answer or does not say good-bye, and pings the others. */
  check(): void {
    const nowMs = this.nowMs();
    const since = Math.min(this.#writes[0]?.atMs ?? nowMs, this.#asked ? this.#askedAtMs : nowMs);
    if (this.#closing || nowMs - since > takeWithinMs) {
      this.socket.terminate();
      return;
    }
    this.#closing = this.socket.readyState === WebSocket.CLOSING;
    if (!this.isOpen || this.#asked || nowMs - this.#pingedAtMs < pingEveryMs) return;
    this.#ask();
  }

  #askWhereMuchIsUnread(): void {
    if (!this.#asked && this.#written - this.#read >= unreadBytes / 2) this.#ask();
  }

  #ask(): void {
    const nowMs = this.nowMs();
    this.#asked = randomBytes(8);
    this.#writtenWhenAsked = this.#written;
    this.#pingedAtMs = nowMs;
    this.#askedAtMs = nowMs;
    this.socket.ping(this.#asked);
  }

  #answered(): void {
    this.#asked = undefined;
    this.#read = this.#writtenWhenAsked;
    if (this.isOpen) this.#askWhereMuchIsUnread();
    this.#wake();
  }

  get #hasRoom(): boolean {
    const unwritten = this.#frames.length;
    const { writableLength } = this.#stream;
    return unwritten + writableLength < roomBytes && unwritten + this.#written - this.#read < unreadBytes;
  }

  /** The oldest of what is on its way was taken, or never will be. */
  #take(): void {
    const write = this.#writes.shift();
    if (write) {
      this.#answers -= write.answers;
      const nowMs = this.nowMs();
      if (nowMs - write.atMs >= waitedMs) this.#askedAtMs = nowMs;
    }
    if (this.socket.isPaused && this.#answers < maxAnswers / 2) this.socket.resume();
    this.#wake();
  }

  #wake(): void {
    // What else is on the way, such as pongs, goes without a word: nobody else wakes those who wait where nothing of ours comes any more.
    const willCome = this.#asked !== undefined || this.#writes.length + this.#frames.length > 0;
    if (this.isOpen && willCome && !this.#hasRoom) return;
    this.#makeRoom?.();
    this.#room = undefined;
    this.#makeRoom = undefined;
  }
}
