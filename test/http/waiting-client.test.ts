import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { WaitingClient } from "../../src/http/execution/waiting-client.ts";
import { DeadlineExceeded } from "../../src/kit/deadline.ts";
import { Latch } from "./support/latch.ts";

const aMinute = 60_000;

function aResponse(): ServerResponse {
  const socket = new Socket();
  const response = new ServerResponse(new IncomingMessage(socket));
  response.assignSocket(socket);
  return response;
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.socket?.destroy();
  });
}

describe("a client who waits", () => {
  it("is given the answer, and then nothing is aborted", async () => {
    const client = new WaitingClient(aResponse(), aMinute);
    const { signal } = client;
    expect(await client.answer(async () => "answer")).toBe("answer");
    expect(signal.aborted).toBe(false);
  });

  it("is told when it took too long, and so is the work that began to listen before or after", async () => {
    const [early, late] = [new WaitingClient(aResponse(), 1), new WaitingClient(aResponse(), 1)];
    const never = new Latch();
    const { signal } = early;
    await expect(early.answer(() => never.opened)).rejects.toBeInstanceOf(DeadlineExceeded);
    await expect(late.answer(() => never.opened)).rejects.toBeInstanceOf(DeadlineExceeded);
    expect(signal.reason).toBeInstanceOf(DeadlineExceeded);
    expect(late.signal.reason).toBeInstanceOf(DeadlineExceeded);
  });

  it("has gone when the connection closes before the answer, whether the work listened before or after", async () => {
    const [first, second] = [aResponse(), aResponse()];
    const [early, late] = [new WaitingClient(first, aMinute), new WaitingClient(second, aMinute)];
    const { signal } = early;
    await closed(first);
    await closed(second);
    expect(signal.aborted).toBe(true);
    expect(late.signal.aborted).toBe(true);
  });

  it("hears of the work's own failure", async () => {
    const client = new WaitingClient(aResponse(), aMinute);
    await expect(client.answer(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});
