import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Job } from "../../jobs/job.ts";
import type { Domain, Tenant } from "../../tenants/tenant.ts";
import { idOrUnknown } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { toJobType } from "../jobs/job.type.ts";
import { payload } from "../payload.ts";
import { toConnectionConfigType } from "./connection-config.type.ts";
import { toDomainType } from "./domain.type.ts";
import {
  AddTenantDomainInput,
  CreateTenantInput,
  CreateTenantsInput,
  CreateTestTenantsInput,
  RemoveTenantDomainInput,
  RevealTenantConnectionInput,
  toCreateTenant,
  toCreateTenants,
  toCreateTestTenants,
  toTenantUpdate,
  UpdateTenantInput,
} from "./tenant.input.ts";
import { toTenantType } from "./tenant.type.ts";
import { withJob } from "./tenant-and-job.ts";
import {
  ConnectionConfigPayloadType,
  DomainPayloadType,
  TenantPayloadType,
  TenantsPayloadType,
} from "./tenant-payloads.type.ts";

@Resolver()
export class TenantMutationsResolver {
  @Mutation(() => TenantPayloadType, { description: "Enters a tenant and queues its provisioning." })
  createTenant(
    @Arg("input", () => CreateTenantInput, { description: "The tenant." }) input: CreateTenantInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    return payload(async () => withJob(await services.tenants.create(toCreateTenant(input), origin)), {});
  }

  @Mutation(() => TenantsPayloadType, { description: "Enters many tenants, all or none; one job provisions them." })
  createTenants(
    @Arg("input", () => CreateTenantsInput, { description: "The tenants." }) input: CreateTenantsInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantsPayloadType> {
    return payload(async () => manyWithJob(await services.tenants.createMany(toCreateTenants(input), origin)), {
      tenants: [],
    });
  }

  @Mutation(() => TenantsPayloadType, {
    description: "Throw-away tenants for trying things out, slugs from the prefix (default: test).",
  })
  createTestTenants(
    @Arg("input", () => CreateTestTenantsInput, { description: "How many, and their kind." })
    input: CreateTestTenantsInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantsPayloadType> {
    return payload(async () => manyWithJob(await services.tenants.createTest(toCreateTestTenants(input), origin)), {
      tenants: [],
    });
  }

  @Mutation(() => TenantPayloadType, {
    description:
      "Changes a tenant's name, slug or labels. Where all of it is so already, nothing changes, its generation neither.",
  })
  updateTenant(
    @Arg("input", () => UpdateTenantInput, { description: "What is to change." }) input: UpdateTenantInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    return payload(
      async () => ({ tenant: toTenantType(await services.tenants.update(toTenantUpdate(input), origin)) }),
      {},
    );
  }

  @Mutation(() => DomainPayloadType, { description: "Adds a host name to a tenant." })
  addTenantDomain(
    @Arg("input", () => AddTenantDomainInput, { description: "The host name." }) input: AddTenantDomainInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<DomainPayloadType> {
    const wish = {
      tenantId: idOrUnknown("tenant", input.tenantId),
      hostname: input.hostname,
      primary: input.primary ?? false,
    };
    return payload(async () => withDomain(await services.tenants.addDomain(wish, origin)), {});
  }

  @Mutation(() => DomainPayloadType, {
    description:
      "Takes a host name from a tenant. Where the primary one goes, the oldest that is left becomes primary.",
  })
  removeTenantDomain(
    @Arg("input", () => RemoveTenantDomainInput, { description: "The host name." }) input: RemoveTenantDomainInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<DomainPayloadType> {
    const wish = { tenantId: idOrUnknown("tenant", input.tenantId), hostname: input.hostname };
    return payload(async () => withDomain(await services.tenants.removeDomain(wish, origin)), {});
  }

  @Mutation(() => TenantPayloadType, {
    description: "Takes up the provisioning of a FAILED tenant where it stopped.",
  })
  retryTenant(
    @Arg("input", () => IdInput, { description: "The tenant." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    const id = idOrUnknown("tenant", input.id);
    return payload(async () => withJob(await services.tenants.retry(id, origin)), {});
  }

  @Mutation(() => ConnectionConfigPayloadType, {
    description:
      "Audited. The only place where a password leaves the service. Refused while the password is being changed: the old one is about to end.",
  })
  revealTenantConnection(
    @Arg("input", () => RevealTenantConnectionInput, { description: "Whose connection, and why." })
    input: RevealTenantConnectionInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<ConnectionConfigPayloadType> {
    const wish = { id: idOrUnknown("tenant", input.id), reason: input.reason ?? undefined };
    return payload(
      async () => ({ connection: toConnectionConfigType(await services.tenants.reveal(wish, origin)) }),
      {},
    );
  }
}

function manyWithJob(done: {
  readonly tenants: readonly Tenant[];
  readonly job: Job;
}): Pick<TenantsPayloadType, "tenants" | "job"> {
  return { tenants: done.tenants.map(toTenantType), job: toJobType(done.job) };
}

function withDomain(done: {
  readonly domain: Domain;
  readonly tenant: Tenant;
}): Pick<DomainPayloadType, "domain" | "tenant"> {
  return { domain: toDomainType(done.domain), tenant: toTenantType(done.tenant) };
}
