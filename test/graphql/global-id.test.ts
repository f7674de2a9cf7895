import { expect, it } from "vitest";
import { globalId, idOrUnknown, kindOf, parseGlobalId } from "../../src/graphql/global-id.ts";
import { anId } from "../support/builders.ts";

it("gives back the id that went in, for its own kind only", () => {
  const id = anId<"Tenant">();
  const text = globalId("tenant", id);
  expect(text).toBe(`tenant_${id}`);
  expect(parseGlobalId("tenant", text)).toBe(id);
  expect(parseGlobalId("job", text)).toBeUndefined();
  expect(kindOf(text)).toBe("tenant");
});

it.each([
  "",
  "tenant_",
  "tenant",
  "01920000-0000-7000-8000-000000000001",
  "TENANT_01920000-0000-7000-8000-000000000001",
  "tenant_01920000-0000-7000-8000-00000000000A",
  "tenant_01920000-0000-7000-8000-000000000001 ",
  "tenant_01920000-0000-7000-8000-000000000001\n",
  "tenant_019200000000-7000-8000-000000000001",
  "tenant_' OR 1=1 -- ",
])("takes %j for an id that nothing has", (text) => {
  expect(parseGlobalId("tenant", text)).toBeUndefined();
  expect(idOrUnknown("tenant", text)).toBe("00000000-0000-0000-0000-000000000000");
});
