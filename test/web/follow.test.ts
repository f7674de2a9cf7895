import type { Client } from "graphql-ws";
import { expect, it, vi } from "vitest";
import { JobProgressDocument } from "../../web/dashboard/gql/graphql.ts";
import { follow } from "../../web/dashboard/progress/follow.ts";

interface Sink {
  next(result: object): void;
  error(error: unknown): void;
  complete(): void;
}

/** A socket that keeps what it was asked, and asks it again when the test says that it was lost. */
class FakeSocket {
  readonly asked: string[] = [];
  sink: Sink | undefined;
  stopped = false;
  #payload: object = {};

  readonly client = {
    subscribe: (payload: object, sink: Sink) => {
      this.#payload = payload;
      this.sink = sink;
      this.reconnect();
      return () => {
        this.stopped = true;
      };
    },
  } as unknown as Client;

  reconnect(): void {
    this.asked.push(JSON.stringify((this.#payload as { variables: object }).variables));
  }

  event(sequence: number): void {
    this.sink?.next({ data: { jobProgress: { sequence } } });
  }
}

function followed(after = 0) {
  const socket = new FakeSocket();
  const seen: number[] = [];
  const ends: (string | undefined)[] = [];
  const stop = follow(socket.client, {
    document: JobProgressDocument,
    id: "job_1",
    after,
    pick: ({ jobProgress }) => jobProgress,
    onEvent: ({ sequence }) => seen.push(sequence),
    onEnd: (refusal) => ends.push(refusal),
  });
  return { socket, seen, ends, stop };
}

it("asks after a loss for what came after the last event seen, and shows no event twice", () => {
  const { socket, seen, ends } = followed();
  for (const sequence of [1, 2, 3]) socket.event(sequence);
  socket.reconnect();
  for (const sequence of [3, 4, 5]) socket.event(sequence);
  socket.sink?.complete();
  expect(socket.asked).toEqual(['{"id":"job_1","after":0}', '{"id":"job_1","after":3}']);
  expect({ seen, ends }).toEqual({ seen: [1, 2, 3, 4, 5], ends: [undefined] });
});

it("ends once with the service's sentence when it is refused", () => {
  const { socket, ends } = followed();
  socket.sink?.next({ data: null, errors: [{ message: "There is no such job.", extensions: { code: "NOT_FOUND" } }] });
  socket.sink?.complete();
  expect(ends).toEqual(["There is no such job."]);
});

it("asks again for what cannot be answered just now, from where it was", () => {
  vi.useFakeTimers();
  try {
    const { socket, ends } = followed(7);
    socket.event(8);
    socket.sink?.error([{ message: "The registry is away.", extensions: { retryable: true } }]);
    vi.runAllTimers();
    expect(socket.asked).toEqual(['{"id":"job_1","after":7}', '{"id":"job_1","after":8}']);
    expect(ends).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it("stops when nobody looks any more", () => {
  const { socket, stop } = followed();
  stop();
  expect(socket.stopped).toBe(true);
});
