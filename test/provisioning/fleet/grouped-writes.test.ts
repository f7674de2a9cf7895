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

  it("wait a while for more to come where they were told to, but for nobody when the last one has come", async () => {
    const written: (readonly string[])[] = [];
    let over: () => void = () => undefined;
    const pause = () =>
      new Promise<void>((resolve) => {
        over = resolve;
      });
    const writes = new GroupedWrites<string>(async (together) => {
      written.push(together);
    }, pause);
    const first = [writes.add("a", false), writes.add("b", false)];
    await new Promise(setImmediate);
    expect(written).toEqual([]);
    over();
    await Promise.all(first);
    await Promise.all([writes.add("c", false), writes.add("d", true)]);
    expect(written).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
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
