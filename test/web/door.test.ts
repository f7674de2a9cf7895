import { expect, it } from "vitest";
import type { Api } from "../../web/dashboard/api/api.ts";
import { Door } from "../../web/dashboard/session/door.ts";
import { Session } from "../../web/dashboard/session/session.ts";

const viewer = { id: "key_1", name: "admin", role: "ADMIN" } as const;

/** A service that answers who a key belongs to when it is told to. */
function aService() {
  const opened: string[] = [];
  const closed: string[] = [];
  const waiting = new Map<string, (answer: object) => void>();
  const open = (key: string) => {
    opened.push(key);
    const answer = new Promise<object>((resolve) => waiting.set(key, resolve));
    const client = { query: () => ({ toPromise: () => answer }) };
    return { client, close: () => closed.push(key) } as unknown as Api;
  };
  const answer = async (key: string, what: object) => {
    waiting.get(key)?.(what);
    await Promise.resolve().then(() => undefined);
  };
  return { opened, closed, open, answer };
}

function aSession(key?: string) {
  const kept = new Map<string, string>();
  return new Session(
    {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    key,
  );
}

it("signs in with the key of a link as soon as the service says whose it is, with nothing drawn yet", async () => {
  const service = aService();
  const session = aSession("of-a-link");
  const door = new Door(session, service.open);
  expect(door.current()).toBeDefined();
  expect(session.current()).toMatchObject({ phase: "trying" });
  await service.answer("of-a-link", { data: { viewer } });
  await expect.poll(() => session.current()).toEqual({ phase: "in", key: "of-a-link", viewer });
  expect(service.opened).toEqual(["of-a-link"]);
});

it("goes from one key to the next, and listens to no answer about the one before", async () => {
  const service = aService();
  const session = aSession("first");
  const door = new Door(session, service.open);
  session.try("second");
  expect(service).toMatchObject({ opened: ["first", "second"], closed: ["first"] });
  await service.answer("first", { data: { viewer: { ...viewer, name: "of the first" } } });
  await service.answer("second", { data: { viewer } });
  await expect.poll(() => session.current()).toEqual({ phase: "in", key: "second", viewer });
  session.end();
  expect(door.current()).toBeUndefined();
  expect(service.closed).toEqual(["first", "second"]);
});

it("opens nothing while nobody has a key, and stays trying where the service does not answer", async () => {
  const service = aService();
  const session = aSession();
  const door = new Door(session, service.open);
  expect([door.current(), service.opened]).toEqual([undefined, []]);
  session.try("typed");
  await service.answer("typed", { error: "away" });
  expect(session.current()).toEqual({ phase: "trying", key: "typed" });
});
