import { describe, expect, it } from "vitest";
import { Teardown } from "../../src/kit/teardown.ts";

describe("a teardown", () => {
  it("undoes in reverse order, once, and goes on after a failure", async () => {
    const teardown = new Teardown();
    const undone: string[] = [];
    teardown.defer(async () => void undone.push("first"));
    teardown.defer(async () => Promise.reject(new TypeError("stuck")));
    teardown.defer(async () => void undone.push("third"));
    await expect(teardown.run()).rejects.toThrow(AggregateError);
    await expect(teardown.run()).rejects.toThrow(AggregateError);
    expect(undone).toEqual(["third", "first"]);
  });
});
