import { describe, expect, it } from "vitest";
import { DeadlineExceeded } from "../../src/kit/deadline.ts";
import { isAway, RegistryUnavailable, translateTrouble } from "../../src/registry/registry-trouble.ts";

const saidByServer = (errno: number) => Object.assign(new Error("said by the server"), { errno });

describe("trouble with the registry", () => {
  it.each([
    ["a connection that was refused", Object.assign(new Error("connect ECONNREFUSED"), { errno: -111 })],
    ["a connection that was lost", new Error("Connection lost: The server closed the connection.")],
    ["silence", new DeadlineExceeded("A statement of the registry took too long.")],
    ["too many connections", saidByServer(1040)],
    ["a shutdown", saidByServer(1053)],
  ])("is an outage where nothing gets through: %s", (_what, error) => {
    const meaning = translateTrouble(error);
    expect(meaning).toMatchObject({ code: "SERVICE_UNAVAILABLE", retryable: true });
    expect(isAway(meaning)).toBe(true);
  });

  it.each([
    ["a deadlock", saidByServer(1213)],
    ["a lock wait timeout", saidByServer(1205)],
    ["a full disk", saidByServer(1021)],
    ["a full table", saidByServer(1114)],
    ["a server that is read-only", saidByServer(1290)],
    ["one connection that was killed", saidByServer(1927)],
    ["one statement that took too long", saidByServer(1969)],
  ])("is none where the server answers: %s", (_what, error) => {
    const meaning = translateTrouble(error);
    expect(meaning).toBeInstanceOf(RegistryUnavailable);
    expect(meaning).toMatchObject({ code: "SERVICE_UNAVAILABLE", retryable: true });
    expect(isAway(meaning)).toBe(false);
  });

  it("is a bug where it is nothing of the moment", () => {
    const syntax = saidByServer(1064);
    expect([translateTrouble(syntax), isAway(syntax)]).toEqual([syntax, false]);
  });
});
