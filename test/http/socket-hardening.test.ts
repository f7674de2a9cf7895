import { describe, expect, it } from "vitest";
import { SocketKeys } from "../../src/http/sockets/socket-keys.ts";
import { SocketLine } from "../../src/http/sockets/socket-line.ts";
import { textHeader, utf8Bytes } from "../../src/http/sockets/text-frame.ts";
import { TurnEnd } from "../../src/http/sockets/turn-end.ts";
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
  readonly pings: unknown[] = [];
  readonly pongs: unknown[] = [];
  readonly #listeners = new Map<string, (data: unknown) => void>();

  on(event: string, listener: (data: unknown) => void): void {
    this.#listeners.set(event, listener);
  }
  once(): void {
    // Nobody waits for its close.
  }
  emit(event: "ping" | "pong" | "close", data?: unknown): void {
    this.#listeners.get(event)?.(data);
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
  close(): void {
    this.readyState = 2;
  }
  ping(data: unknown): void {
    this.pings.push(data);
  }
  pong(data: unknown): void {
    this.pongs.push(data);
  }
}

/** What is below it: takes what is written when it is told to. */
class PretendedStream {
  readonly written: Buffer[] = [];
  readonly #taken: (() => void)[] = [];
  #lengths: number[] = [];

  /** What others write, as the socket does its pongs. */
  writeOther(bytes: number): void {
    this.#lengths.push(bytes);
    this.#taken.push(() => undefined);
  }

  get writableLength(): number {
    return this.#lengths.reduce((sum, length) => sum + length, 0);
  }
  write(data: string, encoding: BufferEncoding, taken: () => void): void {
    const bytes = Buffer.from(data, encoding);
    this.written.push(bytes);
    this.#lengths.push(bytes.length);
    this.#taken.push(taken);
  }
  take(count: number): void {
    this.#lengths = this.#lengths.slice(count);
    for (const taken of this.#taken.splice(0, count)) taken();
  }
}

function line() {
  const [socket, stream] = [new PretendedSocket(), new PretendedStream()];
  const clock: Pick<Clock, "monotonicMs"> & { ms: number } = { ms: 0, monotonicMs: () => clock.ms };
  const turn = new TurnEnd(noFailure);
  const made: SocketLine = new SocketLine({ socket, stream } as never, turn, () => clock.ms);
  const write = (text: string, how: "answer" | "push" = "push") => {
    const room = made[how](utf8Bytes(text));
    made.flush();
    return room;
  };
  return { socket, stream, clock, turn, line: made, write };
}

function noFailure(error: unknown): void {
  expect.unreachable(String(error));
}

describe("what is sent to a socket", () => {
  it("goes out at the end of the turn, in one write", async () => {
    const { stream, turn, line: busy } = line();
    busy.push("one");
    busy.answer("two");
    expect(stream.written).toEqual([]);
    await turn.reached();
    expect(stream.written).toEqual([Buffer.from("\x81\x03one\x81\x03two", "latin1")]);
  });

  it.each([
    [0, "8100"],
    [125, "817d"],
    [126, "817e007e"],
    [65_535, "817effff"],
    [65_536, "817f0000000000010000"],
  ])("is one frame, also of %i bytes", (length, header) => {
    expect(Buffer.from(textHeader(length), "latin1").toString("hex")).toBe(header);
  });

  it("is what was said before a good-bye, and nothing after it", () => {
    const { stream, socket, line: leaving } = line();
    leaving.push("last");
    leaving.close(4403, "Forbidden");
    expect([stream.written.length, socket.readyState]).toEqual([1, 2]);
    leaving.push("later");
    leaving.flush();
    expect(stream.written.length).toBe(1);
  });

  it("waits for room where as much is on its way as a slow client may leave lying", async () => {
    const { stream, write } = line();
    const rooms = [write("x".repeat(16_000)), write("x".repeat(1_000))];
    expect(rooms[0]).toBeUndefined();
    stream.take(1);
    await expect(rooms[1]).resolves.toBeUndefined();
    expect(write("y")).toBeUndefined();
  });

  it("goes on when its last write is taken, though others' bytes still fill the way", async () => {
    const { stream, write } = line();
    const room = write("x".repeat(16_500));
    stream.writeOther(16 * 1024);
    stream.take(1);
    await expect(room).resolves.toBeUndefined();
  });

  it("is what was said before the key ended, and then the good-bye", async () => {
    const { stream, socket, line: one } = line();
    const ended = new SocketKeys(async () => undefined);
    ended.add(one, "secret", actorWith("VIEWER"));
    one.push("last");
    await ended.check();
    expect([stream.written.map(String), socket.readyState]).toEqual([[expect.stringMatching(/last$/)], 2]);
  });

  it("reaches the others where one socket's write fails", async () => {
    const failures: unknown[] = [];
    const turn = new TurnEnd((error) => failures.push(error));
    const bug = new TypeError("a bug");
    let flushed = 0;
    turn.add({
      flush: () => {
        throw bug;
      },
    });
    turn.add({
      flush: () => {
        flushed += 1;
      },
    });
    await turn.reached();
    expect([failures, flushed]).toEqual([[bug], 1]);
  });

  it("leaves everybody else a turn where it is for very many sockets", async () => {
    const turn = new TurnEnd(noFailure);
    let flushed = 0;
    const flush = () => {
      flushed += 1;
    };
    for (let n = 0; n < 600; n += 1) turn.add({ flush });
    const seen: number[] = [];
    while (flushed < 600) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(flushed);
    }
    expect(seen.length).toBe(3);
  });
});

describe("a client that does not read", () => {
  it("is cut within a minute where nothing more can be written, though it sends pongs", () => {
    const { socket, clock, line: stalled, write } = line();
    write("x");
    while (!socket.terminated && clock.ms < 120_000) {
      clock.ms += 2_000;
      socket.emit("pong", socket.pings.at(-1));
      stalled.check();
    }
    expect(clock.ms).toBeGreaterThan(30_000);
    expect(clock.ms).toBeLessThan(60_000);
  });

  it("is cut within a minute where buffers on the way take all that is written, though it sends pongs", () => {
    const { socket, stream, clock, line: stalled, write } = line();
    while (!socket.terminated && clock.ms < 120_000) {
      clock.ms += 2_000;
      write("x");
      stream.take(1);
      socket.emit("pong", Buffer.alloc(0));
      socket.emit("pong", Buffer.from("guessed!"));
      stalled.check();
    }
    expect(clock.ms).toBeGreaterThan(30_000);
    expect(clock.ms).toBeLessThan(60_000);
  });

  it("is kept while it takes what it is sent, however slowly", () => {
    const { socket, stream, clock, line: slow, write } = line();
    for (let n = 0; n < 20; n += 1) write("x");
    for (let n = 0; n < 20; n += 1) {
      clock.ms += 1_400;
      socket.emit("pong", socket.pings.at(-1));
      slow.check();
      stream.take(1);
    }
    expect(socket.terminated).toBe(false);
  });

  it("is kept while it takes what had to wait, though its pong stands behind more than it reads in half a minute", () => {
    const { socket, stream, clock, line: slow, write } = line();
    write("x");
    for (let n = 0; n < 60; n += 1) {
      clock.ms += 2_000;
      write("x");
      stream.take(1);
      slow.check();
    }
    expect([socket.pings.length, socket.terminated]).toEqual([1, false]);
    while (!socket.terminated && clock.ms < 240_000) {
      clock.ms += 2_000;
      slow.check();
    }
    expect(clock.ms).toBeLessThan(180_000);
  });

  it("is handed no more than it reads in half a minute, though buffers on the way would take megabytes", async () => {
    const { socket, stream, clock, line: slow, write } = line();
    let handed = 0;
    const fill = () => {
      for (let room: Promise<void> | undefined; room === undefined; handed += 1_000) {
        room = write("x".repeat(1_000));
        stream.take(1);
        if (handed > 10_000_000) expect.unreachable("It is handed everything.");
      }
    };
    fill();
    expect([handed < 140_000, socket.pings.length]).toEqual([true, 1]);
    // It reads 20 KB a second; behind half of what it may have on its way stands the first ping.
    for (let read = 0; read < 2_000_000; read += 64_000) {
      clock.ms += 3_200;
      const before = handed;
      const room = write("y");
      stream.take(1);
      socket.emit("pong", socket.pings.at(-1));
      await expect(room).resolves.toBeUndefined();
      fill();
      expect(handed - before).toBeLessThan(80_000);
      slow.check();
    }
    expect(socket.terminated).toBe(false);
  });

  it("leaves nobody waiting when it is gone", async () => {
    const { socket, stream, write } = line();
    const rooms = Array.from({ length: 20 }, () => {
      const room = write("x".repeat(10_000));
      stream.take(1);
      return room;
    });
    expect(rooms.at(-1)).toBeInstanceOf(Promise);
    socket.readyState = 3;
    socket.emit("close");
    await expect(rooms.at(-1)).resolves.toBeUndefined();
  });

  it("is read from however much that it subscribed to is on its way to it", () => {
    const { socket, write } = line();
    for (let n = 0; n < 1_000; n += 1) write("x".repeat(150));
    expect(socket.isPaused).toBe(false);
  });

  it("is not read from while more than 128 answers are on their way to it", () => {
    const { socket, stream, write } = line();
    for (let n = 0; n < 127; n += 1) write("x", "answer");
    expect(socket.isPaused).toBe(false);
    write("x", "answer");
    expect(socket.isPaused).toBe(true);
    stream.take(64);
    expect(socket.isPaused).toBe(true);
    stream.take(1);
    expect(socket.isPaused).toBe(false);
  });

  it("is owed no pong while it leaves much unread", () => {
    const { socket, line: any } = line();
    socket.emit("ping", "a");
    socket.bufferedAmount = 65 * 1024;
    socket.emit("ping", "b");
    expect([socket.pongs, any.isOpen]).toEqual([["a"], true]);
  });

  it("is asked again after each answer", () => {
    const { socket, clock, line: any } = line();
    for (let ms = 0; ms < 120_000; ms += 2_000) {
      clock.ms = ms;
      any.check();
      socket.emit("pong", socket.pings.at(-1));
    }
    expect([socket.pings.length, socket.terminated]).toEqual([9, false]);
    expect(new Set(socket.pings.map(String)).size).toBe(9);
  });

  it("is cut when it answers no ping, or does not say good-bye", () => {
    const silent = line();
    for (const ms of [12_000, 24_000, 44_000]) {
      silent.clock.ms = ms;
      silent.line.check();
    }
    expect([silent.socket.pings.length, silent.socket.terminated]).toEqual([1, true]);
    const lingering = line();
    lingering.socket.readyState = 2;
    lingering.line.check();
    expect(lingering.socket.terminated).toBe(false);
    lingering.line.check();
    expect(lingering.socket.terminated).toBe(true);
  });
});
