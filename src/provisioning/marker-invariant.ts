import type { Invariant } from "./invariant.ts";

/** The database says whose it is. */
export const markerInvariant: Invariant = {
  name: "marker",
  kinds: ["OWNERSHIP_MISMATCH"],

  judge({ id, databaseName: object }, seen) {
    if (!seen.markers.has(object)) return [];
    const actual = seen.markers.get(object);
    if (actual === id) return [];
    const message = actual === undefined ? "The database carries no owner." : "The database belongs to another tenant.";
    return [{ kind: "OWNERSHIP_MISMATCH", severity: "CRITICAL", object, message, expected: id, actual }];
  },

  async ensure({ id, databaseName }, server) {
    await server.writeMarker(databaseName, id);
  },
};
