import type { Services } from "../../src/graphql/services.ts";

/** Services of which a test writes only what it expects to be called; anything else is an error that names itself. */
export function stubServices(given: { readonly [Room in keyof Services]?: Partial<Services[Room]> }): Services {
  const rooms = ["tenants", "tenantChanges", "servers", "jobs", "jobEvents", "testRuns", "fleet"] as const;
  const stubs = rooms.map((room) => [
    room,
    new Proxy(given[room] ?? {}, {
      get: (target, method, receiver) => {
        if (method in target) return Reflect.get(target, method, receiver);
        throw new Error(`${room}.${String(method)} was not expected to be called.`);
      },
    }),
  ]);
  return Object.fromEntries(stubs) as Services;
}
