import { describe, expect, it } from "vitest";
import { SocketLine } from "../../src/http/sockets/socket-line.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { RawSocket } from "./support/raw-socket.ts";
import { actorWith, keys, startedServer } from "./support/started-server.ts";

const viewer = "{ viewer { role } }";

/** Keys that can be taken away. */
function revocable() {
  const live = new Set([keys.VIEWER, keys.ADMIN]);
  const authenticate = async (secret: string) =>
    live.has(secret) ? { ...actorWith("VIEWER"), id: `id of ${secret}` } : undefined;
  return { live, authenticate };
}

describe("a key that has ended", () => {
  it("starts nothing on a socket that is open, and closes it", async () => {
    const { live, authenticate } = revocable();
    const { url } = await startedServer({}, { authenticate });
    const socket = await new RawSocket(url).open(keys.VIEWER);
    live.delete(keys.VIEWER);
    await socket.subscribe("1", viewer);
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it("takes its idle sockets with it within five seconds, and no others", async () => {
    const { live, authenticate } = revocable();
    const { url } = await startedServer({}, { authenticate });
    const [revoked, other] = [await new RawSocket(url).open(keys.VIEWER), await new RawSocket(url).open(keys.ADMIN)];
    live.delete(keys.VIEWER);
    const began = performance.now();
    expect(await revoked.closed).toMatchObject({ code: 4403 });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await other.stillOpen()).toBe(true);
  });
});

/** A socket of which only the traffic is pretended. */
class PretendedSocket {
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  terminated = false;
  pings = 0;
  readonly pongs: unknown[] = [];
  readonly #taken: (() => void)[] = [];
  readonly #listeners = new Map<string, (data: unknown) => void>();

  on(event: string, listener: (data: unknown) => void): void {
    this.#listeners.set(event, listener);
  }
  emit(event: "ping" | "pong", data?: unknown): void {
    this.#listeners.get(event)?.(data);
  }
  send(_data: string, taken: () => void): void {
    this.#taken.push(taken);
  }
  take(count: number): void {
    for (const taken of this.#taken.splice(0, count)) taken();
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  terminate(): void {
    this.terminated = true;
  }
  ping(): void {
    this.pings += 1;
  }
  pong(data: unknown): void {
    this.pongs.push(data);
  }
}

describe("a client that does not read", () => {
  function line() {
    const socket = new PretendedSocket();
    const clock: Pick<Clock, "monotonicMs"> & { ms: number } = { ms: 0, monotonicMs: () => clock.ms };
    const made: SocketLine = new SocketLine(socket as never, () => clock.ms);
    return { socket, clock, line: made };
  }

  it("is cut within a minute, though it sends pongs", () => {
    const { socket, clock, line: stalled } = line();
    void stalled.send("x");
    while (!socket.terminated && clock.ms < 120_000) {
      clock.ms += 2_000;
      socket.emit("pong");
      stalled.check();
    }
    expect(clock.ms).toBeGreaterThan(30_000);
    expect(clock.ms).toBeLessThan(60_000);
  });

  it("is kept while it takes what it is sent, however slowly", () => {
    const { socket, clock, line: slow } = line();
    for (let n = 0; n < 20; n += 1) void slow.send("x");
    for (let n = 0; n < 20; n += 1) {
      clock.ms += 1_400;
      socket.emit("pong");
      slow.check();
      socket.take(1);
    }
    expect(socket.terminated).toBe(false);
  });

  it("is not read from while more than 128 texts are on their way to it", () => {
    const { socket, line: flooding } = line();
    for (let n = 0; n < 127; n += 1) void flooding.send("x");
    expect(socket.isPaused).toBe(false);
    void flooding.send("x");
    expect(socket.isPaused).toBe(true);
    socket.take(64);
    expect(socket.isPaused).toBe(true);
    socket.take(1);
    expect(socket.isPaused).toBe(false);
  });

  it("is owed no pong while it leaves much unread", () => {
    const { socket, line: any } = line();
    socket.emit("ping", "a");
    socket.bufferedAmount = 65 * 1024;
    socket.emit("ping", "b");
    expect([socket.pongs, any.isOpen]).toEqual([["a"], true]);
  });

  it("is cut when it answers no ping, or does not say good-bye", () => {
    const silent = line();
    for (const ms of [12_000, 24_000]) {
      silent.clock.ms = ms;
      silent.line.check();
    }
    expect([silent.socket.pings, silent.socket.terminated]).toEqual([1, true]);
    const lingering = line();
    lingering.socket.readyState = 2;
    lingering.line.check();
    expect(lingering.socket.terminated).toBe(false);
    lingering.line.check();
    expect(lingering.socket.terminated).toBe(true);
  });
});
