import { once } from "node:events";
import { expect, onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { keys } from "./started-server.ts";

/** A socket that speaks the protocol by hand, to say what no client library would. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #received: unknown[] = [];
  #wake: (() => void) | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(url: string, protocol = "graphql-transport-ws", path = "/graphql", options: ClientOptions = {}) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}${path}`, protocol, options);
    this.closed = new Promise((resolve) => {
      this.#socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("message", (data) => {
      this.#received.push(JSON.parse(data.toString()));
      this.#wake?.();
    });
    onTestFinished(() => this.#socket.terminate());
  }

  async send(message: unknown): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, "open");
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async next(): Promise<unknown> {
    while (this.#received.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift();
  }

  async open(key: string = keys.ADMIN, name = "authorization"): Promise<this> {
    await this.send({ type: "connection_init", payload: { [name]: `Bearer ${key}` } });
    expect(await this.next()).toEqual({ type: "connection_ack" });
    return this;
  }

  subscribe(id: string, query: string, variables: object = {}): Promise<void> {
    return this.send({ type: "subscribe", id, payload: { query, variables } });
  }

  /** Sends a frame as it is, also one that is no text. */
  async sendFrame(data: Buffer | string, binary: boolean): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, "open");
    this.#socket.send(data, { binary });
  }

  ping(data: string): Promise<unknown> {
    this.#socket.ping(data);
    return once(this.#socket, "pong");
  }

  /** Whether it is still open once the server has answered something that was asked now. */
  async stillOpen(): Promise<boolean> {
    await this.send({ type: "ping" });
    return (await Promise.race([this.next(), this.closed.then(() => undefined)])) !== undefined;
  }

  /** Stops reading, as a stalled client does. */
  stall(): void {
    this.#socket.pause();
  }
}
