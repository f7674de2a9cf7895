import { expect, it } from "vitest";
import { toFormErrors } from "../../web/dashboard/api/field-errors.ts";
import { followLinks, takeKeyOfLink } from "../../web/dashboard/session/key-of-link.ts";
import { Session } from "../../web/dashboard/session/session.ts";

const viewer = { id: "key_1", name: "admin", role: "ADMIN" } as const;

function aStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

it("keeps a key once the service knows it, and finds it again in the same tab", () => {
  const storage = aStorage();
  const session = new Session(storage, "key-of-a-link");
  expect(session.current()).toEqual({ phase: "trying", key: "key-of-a-link" });
  expect(storage.kept.size).toBe(0);
  session.begin("key-of-a-link", viewer);
  expect(new Session(storage).current()).toEqual({ phase: "trying", key: "key-of-a-link" });
});

it("says something else of a key that ended than of one that was never known, and forgets both", () => {
  const storage = aStorage();
  const session = new Session(storage);
  session.try("unknown");
  session.refuse("unknown");
  expect(session.current()).toMatchObject({ phase: "out", reason: expect.stringContaining("does not know this key") });
  session.begin("known", viewer);
  session.refuse("known");
  session.refuse("known");
  expect(session.current()).toMatchObject({ phase: "out", reason: expect.stringContaining("not accepted any more") });
  expect(storage.kept.size).toBe(0);
});

it("is not ended by what the service says late of the key before", () => {
  const session = new Session(aStorage(), "old");
  session.try("new");
  session.refuse("old");
  expect(session.current()).toEqual({ phase: "trying", key: "new" });
  session.begin("new", viewer);
  session.refuse("old");
  expect(session.current()).toMatchObject({ phase: "in", key: "new" });
});

it("takes the key out of the address, and leaves the rest of it", () => {
  const replaced: unknown[] = [];
  const history = { replaceState: (_state: unknown, _title: string, to: string) => replaced.push(to) };
  const key = takeKeyOfLink(
    { hash: "#key=a%2Bb%26c", pathname: "/tenants", search: "?status=ACTIVE" } as Location,
    history as unknown as History,
  );
  expect([key, replaced]).toEqual(["a+b&c", ["/tenants?status=ACTIVE"]]);
  expect(takeKeyOfLink({ hash: "#content" } as Location, history as unknown as History)).toBeUndefined();
});

it("takes the key of a link that is opened in a page which is there already", () => {
  const location = { hash: "", pathname: "/", search: "" };
  const history = {
    replaceState: (_state: unknown, _title: string, to: string) => Object.assign(location, hashOf(to)),
  };
  const page = Object.assign(new EventTarget(), { location, history });
  const keys: string[] = [];
  followLinks(page as unknown as Window, (key) => keys.push(key));
  for (const hash of ["#key=one", "#content", "#key=two"]) {
    location.hash = hash;
    page.dispatchEvent(new Event("hashchange"));
  }
  expect([keys, location.hash]).toEqual([["one", "two"], ""]);
});

function hashOf(address: string) {
  return { hash: new URL(address, "http://localhost").hash };
}

it("puts a refusal to the deepest field that the form has, and the others beside the form", () => {
  const errors = toFormErrors(
    [
      { code: "INVALID", message: "Not a host name.", field: ["input", "domains", "1"] },
      { code: "SLUG_TAKEN", message: "Taken.", field: ["input", "slug"] },
      { code: "INVALID", message: "Too short.", field: ["input", "slug"] },
      { code: "NO_ELIGIBLE_SERVER", message: "No server.", field: null },
    ],
    ["slug", "domains"],
  );
  expect(errors.fields).toEqual({ domains: "Not a host name.", slug: "Taken. Too short." });
  expect(errors.rest.map(({ code }) => code)).toEqual(["NO_ELIGIBLE_SERVER"]);
});
