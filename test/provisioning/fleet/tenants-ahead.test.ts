import { setImmediate as nextTurnOfTheLoop } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { TenantId } from "../../../src/kit/ids.ts";
import { TenantsAhead } from "../../../src/provisioning/fleet/tenants-ahead.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { ManualClock } from "../../jobs/manual-clock.ts";
import { anId, aTenant } from "../../support/builders.ts";

const tenants = Array.from({ length: 100 }, () => aTenant());
const ids = tenants.map(({ id }) => id);

interface Wish {
  readonly busy?: TenantId | undefined;
  readonly gone?: TenantId | undefined;
  readonly prepare?: (() => Promise<void>) | undefined;
}

const nothingLeft = () => Promise.resolve();

/** A store that gives everybody, but `busy` and `gone`, and remembers how many it was asked for at once. */
function aheadOf(places: number, { busy, gone, prepare: preparing }: Wish = {}) {
  const asked: number[] = [];
  const holder = anId<"Job">();
  const clock = new ManualClock();
  const occupyMany = async (_: unknown, wanted: readonly TenantId[]) => {
    asked.push(wanted.length);
    const taken = tenants.filter(({ id }) => wanted.includes(id) && id !== busy && id !== gone).toReversed();
    return { taken, busy: new Map(wanted.filter((id) => id === busy).map((id) => [id, holder])) };
  };
  const prepared: (readonly TenantId[])[] = [];
  const prepare = async (taken: readonly Tenant[]) => {
    prepared.push(taken.map(({ id }) => id));
    await preparing?.();
  };
  const released: TenantId[] = [];
  const letGo = async (_: unknown, left: readonly TenantId[]) => void released.push(...left);
  const lease = { jobId: anId<"Job">(), owner: "me", fence: 1 };
  return {
    released,
    ahead: new TenantsAhead({ occupyMany, letGo }, lease, clock, ids, places, prepare),
    prepared,
    asked,
    clock,
    holder,
  };
}

describe("tenants that are occupied ahead of their turn", () => {
  it("come once each and in order, also to many who ask at the same time, and then no more", async () => {
    const { ahead } = aheadOf(4);
    const given = await Promise.all(Array.from({ length: ids.length + 5 }, () => ahead.next()));
    expect(given.map((next) => next?.tenant?.id)).toEqual([...ids, ...Array(5).fill(undefined)]);
  });

  it("are as many as there are places at first, and while each takes long", async () => {
    const { ahead, asked, clock } = aheadOf(2);
    for (let n = 0; n < 10; n += 1) {
      await ahead.next();
      await clock.advance(1_000);
    }
    // Two are ready while the last two are worked on.
    expect(asked).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it("are what is done in a quarter of a second once each takes little, and never more than 32", async () => {
    const { ahead, asked, clock } = aheadOf(2);
    for (let n = 0; n < 30; n += 1) {
      await ahead.next();
      await clock.advance(25);
    }
    expect(asked.slice(0, 4)).toEqual([2, 2, 5, 8]);
    const quick = aheadOf(2);
    for (let n = 0; n < 40; n += 1) await quick.ahead.next();
    expect(quick.asked).toEqual([2, 2, 32, 32]);
  });

  it("are prepared together, each once, before they come, and without those that another job has", async () => {
    const { ahead, prepared } = aheadOf(2, { busy: ids[3] });
    for (let n = 0; n < 10; n += 1) {
      const next = await ahead.next();
      if (next?.tenant) expect(prepared.flat()).toContain(next.id);
    }
    expect(new Set(prepared.flat()).size).toBe(prepared.flat().length);
    expect(prepared.flat()).not.toContain(ids[3]);
    expect(prepared[2]?.length).toBeGreaterThan(1);
  });

  it("tell whoever asks that they could not be occupied, and nobody else", async () => {
    const clock = new ManualClock();
    const occupyMany = async () => {
      throw new TypeError("gone");
    };
    const lease = { jobId: anId<"Job">(), owner: "me", fence: 1 };
    const ahead = new TenantsAhead({ occupyMany, letGo: nothingLeft }, lease, clock, ids, 2);
    await expect(ahead.next()).rejects.toThrow("gone");
    await expect(ahead.next()).rejects.toThrow("gone");
  });

  it("tell whoever asks that the last ones could not be prepared, though nobody waited for them", async () => {
    let preparing = 0;
    const prepare = async () => {
      preparing += 1;
      if (preparing > 1) throw new TypeError("gone");
    };
    const lease = { jobId: anId<"Job">(), owner: "me", fence: 1 };
    const occupyMany = async () => ({ taken: [], busy: new Map() });
    const ahead = new TenantsAhead(
      { occupyMany, letGo: nothingLeft },
      lease,
      new ManualClock(),
      ids.slice(0, 4),
      2,
      prepare,
    );
    await ahead.next();
    await ahead.next();
    await nextTurnOfTheLoop();
    await expect(ahead.next()).rejects.toThrow("gone");
  });

  it("are let go of when the work stops before their turn, also those that could not be prepared", async () => {
    const { ahead, released, asked } = aheadOf(2, { busy: ids[3] });
    for (let n = 0; n < 3; n += 1) await ahead.next();
    await ahead.letGo();
    const occupied = asked.reduce((sum, many) => sum + many, 0);
    expect(released.toSorted()).toEqual(
      ids
        .slice(0, occupied)
        .filter((id, at) => at >= 3 && id !== ids[3])
        .toSorted(),
    );
    expect(released).not.toEqual([]);
    expect(await ahead.next()).toBeUndefined();
    await ahead.letGo();
    expect(new Set(released).size).toBe(released.length);

    const spoiled = aheadOf(2, { prepare: () => Promise.reject(new TypeError("gone")) });
    await expect(spoiled.ahead.next()).rejects.toThrow("gone");
    await spoiled.ahead.letGo();
    expect(spoiled.released.toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });

  it("tell of those that another job has and of those that are gone", async () => {
    const { ahead, holder } = aheadOf(3, { busy: ids[0], gone: ids[1] });
    expect(await ahead.next()).toEqual({ id: ids[0], tenant: undefined, holder });
    expect(await ahead.next()).toEqual({ id: ids[1], tenant: undefined, holder: undefined });
    expect(await ahead.next()).toEqual({ id: ids[2], tenant: tenants[2], holder: undefined });
  });
});
