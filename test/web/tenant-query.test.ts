import fc from "fast-check";
import { expect, it } from "vitest";
import { bulkActions, scopeOf } from "../../web/dashboard/tenants/bulk-actions.ts";
import {
  type TenantQuery,
  tenantStatuses,
  toAddress,
  toLabel,
  toTenantFilter,
  toTenantQuery,
} from "../../web/dashboard/tenants/tenant-query.ts";

const queries: fc.Arbitrary<TenantQuery> = fc.record({
  search: fc.string(),
  statuses: fc.subarray([...tenantStatuses]),
  version: fc.option(fc.string(), { nil: undefined }),
  serverId: fc.option(fc.string(), { nil: undefined }),
  labels: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.string()).map(([key, value]) => `${key}=${value}`)),
  order: fc.option(
    fc.record({
      field: fc.constantFrom("SLUG" as const, "NAME" as const, "CREATED_AT" as const),
      direction: fc.constantFrom("ASC" as const, "DESC" as const),
    }),
    { nil: undefined },
  ),
});

it("finds in an address all that was written into it", () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(toTenantQuery(new URLSearchParams(toAddress(query).toString()))).toEqual(query);
    }),
  );
});

it("leaves out of an address what it does not know", () => {
  const query = toTenantQuery(new URLSearchParams("status=ACTIVE&status=ASLEEP&label=plan&order=-colour&x=1"));
  expect(query).toEqual({
    search: "",
    statuses: ["ACTIVE"],
    version: undefined,
    serverId: undefined,
    labels: [],
    order: undefined,
  });
});

it("asks with a filter only for what narrows", () => {
  expect(toTenantFilter(toTenantQuery(new URLSearchParams("search=%20")))).toEqual({});
  expect(toTenantFilter(toTenantQuery(new URLSearchParams("search=ac&label=plan=gold&version=0001_x")))).toEqual({
    search: "ac",
    labels: [{ key: "plan", value: "gold" }],
    schemaVersions: ["0001_x"],
  });
  expect(toLabel("a=b=c")).toEqual({ key: "a", value: "b=c" });
});

it("touches of the tenants that are meant only those that an action takes", () => {
  const [migrate, validate] = ["MIGRATE", "VALIDATE"].map((name) => bulkActions.find((each) => each.name === name));
  if (!migrate || !validate) throw new TypeError("An action is missing.");
  expect(scopeOf(migrate, {})).toEqual({ statuses: ["ACTIVE", "SUSPENDED"] });
  expect(scopeOf(migrate, { statuses: ["FAILED", "ACTIVE"] })).toEqual({ statuses: ["ACTIVE"] });
  expect(scopeOf(migrate, { statuses: ["FAILED"] })).toBeUndefined();
  expect(scopeOf(validate, {})).toEqual({});
});
