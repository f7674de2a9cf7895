import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { packetsOf } from "../../src/registry/statements.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

const insert = (id: number, text: string) => ({ sql: "insert into words values (?, ?)", values: [id, text] });

describe("a batch", () => {
  let registry: FreshRegistry;
  beforeAll(async () => {
    registry = await freshRegistry();
    await registry.db.read((orm) => orm.execute("create table words (id int primary key, text varchar(200))"));
  });
  beforeEach(async () => {
    await registry.db.read((orm) => orm.execute("delete from words"));
  });
  afterAll(() => registry.close());

  const words = async () => {
    const [rows] = await registry.db.read((orm) => orm.execute("select text from words order by id"));
    return (rows as unknown as { text: string }[]).map(({ text }) => text);
  };

  it("answers each statement in order, and writes all down at its end", async () => {
    const read = await registry.db.batched(async (batch) => {
      const [first] = await batch.send([{ sql: "select 1 as one", values: [] }]);
      const [, second] = await batch.send([insert(1, "a"), { sql: "select text from words", values: [] }]);
      expect(await words()).toEqual([]);
      await batch.commit([insert(2, "b")]);
      return [first, second];
    });
    expect(read).toEqual([[{ one: 1 }], [{ text: "a" }]]);
    expect(await words()).toEqual(["a", "b"]);
  });

  it("takes a value for nothing but a value", async () => {
    const text = "'); delete from words; -- \\' ; \0 \u{1F600}";
    await registry.db.batched((batch) => batch.commit([insert(1, "kept"), insert(2, text)]));
    expect(await words()).toEqual(["kept", text]);
  });

  it("writes nothing when one of its statements fails, and carries out none that comes later", async () => {
    const failing = registry.db.batched((batch) => batch.commit([insert(1, "a"), insert(1, "again"), insert(2, "b")]));
    await expect(failing).rejects.toMatchObject({ errno: 1062 });
    expect(await words()).toEqual([]);
  });

  it("can ask what was in the way, and ends without a trace", async () => {
    await registry.db.batched((batch) => batch.commit([insert(1, "there")]));
    const failing = registry.db.batched(async (batch) => {
      await batch.commit([insert(2, "b"), insert(1, "again")]).catch(() => undefined);
      const [rows] = await batch.tx.execute("select count(*) as count from words");
      throw new RangeError(JSON.stringify(rows));
    });
    await expect(failing).rejects.toThrow('[{"count":2}]');
    expect(await words()).toEqual(["there"]);
  });

  it("commits what was sent when nothing was said of the end, and does nothing when nothing was sent", async () => {
    await registry.db.batched((batch) => batch.send([insert(1, "a")]));
    expect(await registry.db.batched(async () => "nothing")).toBe("nothing");
    expect(await words()).toEqual(["a"]);
  });

  it("is cut into packets of a bounded size, in order", () => {
    const statements = Array.from({ length: 5 }, (_, at) => insert(at, "x".repeat(70)));
    const packets = packetsOf(statements, 250);
    expect(packets.map((packet) => packet.length)).toEqual([2, 2, 1]);
    expect(packets.flat().map((text) => /values \((\d)/.exec(text)?.[1])).toEqual(["0", "1", "2", "3", "4"]);
    expect(packetsOf([insert(1, "x".repeat(400)), insert(2, "")], 250).map(({ length }) => length)).toEqual([1, 1]);
    expect(packetsOf([])).toEqual([]);
  });
});
