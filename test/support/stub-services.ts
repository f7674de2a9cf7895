import type { Services } from "../../src/graphql/services.ts";

/** Some methods of each service. */
export type GivenServices = { readonly [Room in keyof Services]?: Partial<Services[Room]> };

const rooms = [
  "tenants",
  "tenantChanges",
  "lifecycle",
  "fleetWork",
  "findings",
  "servers",
  "warmPool",
  "jobs",
  "jobEvents",
  "testRuns",
  "comparisons",
  "fleet",
  "metrics",
  "apiKeys",
  "audit",
  "secrets",
  "schedules",
] as const;

/** Services of which a test writes only what it expects to be called; anything else is an error that names itself. Refusals may be noted. */
export function stubServices(given: GivenServices): Services {
  const all: GivenServices = { ...given, audit: { refused: async () => undefined, ...given.audit } };
  const stubs: object = Object.fromEntries(rooms.map((room) => [room, only(room, all[room] ?? {})]));
  return stubs as Services;
}

function only(room: string, given: object): object {
  return new Proxy(given, {
    get: (target, method) => {
      const value: unknown = Reflect.get(target, method, target);
      if (typeof value === "function") return value.bind(target);
      throw new Error(`${room}.${String(method)} was not expected to be called.`);
    },
  });
}
