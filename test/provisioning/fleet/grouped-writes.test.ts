import { describe, expect, it } from "vitest";
import { GroupedWrites } from "../../../src/provisioning/fleet/grouped-writes.ts";

/** Writes that end when they are told to. */
function heldWrites() {
  const begun: { readonly together: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const writes = new GroupedWrites<string>(
    (together) =>
      new Promise((resolve, reject) => {
        begun.push({ together, end: (error) => (error ? reject(error) : resolve()) });
      }),
  );
  return { writes, begun };
}

describe("grouped writes", () => {
  it("write at once what comes alone, and together what comes during a write", async () => {
    const { writes, begun } = heldWrites();
    const first = writes.add("a");
    await expect.poll(() => begun.length).toBe(1);
    const others = [writes.add("b"), writes.add("c")];
    begun[0]?.end();
    await first;
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await Promise.all(others);
    expect(begun.map(({ together }) => together)).toEqual([["a"], ["b", "c"]]);
  });

  it("tell of a failure those who were in that write, and go on", async () => {
    const { writes, begun } = heldWrites();
    const first = writes.add("a");
    await expect.poll(() => begun.length).toBe(1);
    const second = writes.add("b");
    begun[0]?.end(new TypeError("full"));
    await expect(first).rejects.toThrow("full");
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await second;
  });
});
