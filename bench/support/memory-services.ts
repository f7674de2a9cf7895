import type { OperationRequest } from "../../src/graphql/graphql-context.ts";
import { createContext } from "../../src/graphql/graphql-context.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import type { Domain, Tenant } from "../../src/tenants/tenant.ts";
import { stubServices } from "../../test/support/stub-services.ts";

const count = 100;

/** Makes contexts over some tenants in memory: what is left of a read is the server around it. */
export function memoryContexts() {
  const tenants = Array.from({ length: count }, (_, at) => tenantAt(at));
  const domains = new Map(tenants.map((tenant) => [tenant.id, domainsOf(tenant)]));
  const edges = tenants.map((node) => ({
    node,
    cursor: Buffer.from(`["CREATED_AT","${node.id}"]`).toString("base64url"),
  }));
  const services = stubServices({
    tenants: {
      list: async (_filter, _order, { limit }) => ({
        edges: edges.slice(0, limit),
        hasNextPage: limit < count,
        hasPreviousPage: false,
      }),
      domainsOf: async (ids) => ids.flatMap((id) => domains.get(id) ?? []),
    },
  });
  return (request: OperationRequest) => createContext(services, request);
}

function tenantAt(at: number): Tenant {
  const createdAt = new Date(Date.UTC(2026, 0, 1) + at * 1_000);
  const times = { createdAt, updatedAt: createdAt };
  const names = { slug: `tenant-${at}`, name: `Tenant ${at}`, databaseName: `tnt${at}abcdefgh` };
  const state = { status: "ACTIVE", schemaVersion: "0003_invoices", seed: false, generation: 3 } as const;
  return { id: uuidv7Ids.next<"Tenant">(), serverId: uuidv7Ids.next<"DatabaseServer">(), ...names, ...state, ...times };
}

function domainsOf({ id: tenantId, slug, createdAt }: Tenant): readonly Domain[] {
  return [`${slug}.example.com`, `${slug}.example.org`].map((hostname, at) => {
    const id = uuidv7Ids.next<"Domain">();
    return { id, tenantId, hostname, isPrimary: at === 0, createdAt };
  });
}
