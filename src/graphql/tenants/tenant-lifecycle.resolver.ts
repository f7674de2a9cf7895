import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { idOrUnknown } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { payload } from "../payload.ts";
import { DeleteTenantInput } from "./delete-tenant.input.ts";
import { withJob } from "./tenant-and-job.ts";
import { TenantPayloadType } from "./tenant-payloads.type.ts";

@Resolver()
export class TenantLifecycleResolver {
  @Mutation(() => TenantPayloadType, {
    description:
      "Locks an ACTIVE tenant's account and ends its sessions; data stays. A job: SUSPENDED once both are verified.",
  })
  suspendTenant(
    @Arg("input", () => IdInput, { description: "The tenant." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    const id = idOrUnknown("tenant", input.id);
    return payload(async () => withJob(await services.lifecycle.suspend(id, origin)), {});
  }

  @Mutation(() => TenantPayloadType, {
    description:
      "Lets a SUSPENDED tenant in again, with the credential that it had. A job: ACTIVE once it could log in.",
  })
  resumeTenant(
    @Arg("input", () => IdInput, { description: "The tenant." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    const id = idOrUnknown("tenant", input.id);
    return payload(async () => withJob(await services.lifecycle.resume(id, origin)), {});
  }

  @Mutation(() => TenantPayloadType, {
    description:
      "Gives an ACTIVE tenant a new password and ends the sessions that came in by the old one. Once the job has succeeded only the new one counts.",
  })
  rotateTenantCredentials(
    @Arg("input", () => IdInput, { description: "The tenant." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    const id = idOrUnknown("tenant", input.id);
    return payload(async () => withJob(await services.lifecycle.rotate(id, origin)), {});
  }

  @Mutation(() => TenantPayloadType, {
    description:
      "Drops a tenant's database and account; a tombstone stays, and the slug is free again. A job; a tenant that is DELETED already is answered without one.",
  })
  deleteTenant(
    @Arg("input", () => DeleteTenantInput, { description: "The tenant, and the confirmation." })
    input: DeleteTenantInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TenantPayloadType> {
    const wish = { id: idOrUnknown("tenant", input.id), confirmSlug: input.confirmSlug };
    return payload(async () => withJob(await services.lifecycle.delete(wish, origin)), {});
  }
}
