import { Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { toJobType } from "../jobs/job.type.ts";
import { JobPayloadType } from "../jobs/job-payload.type.ts";
import { payload } from "../payload.ts";

@Resolver()
export class SecretsResolver {
  @Mutation(() => JobPayloadType, {
    description:
      "Seals every stored password with the first key of TENANTRY_ENCRYPTION_KEY that was sealed with another one. A start with a new first key does so by itself. One such job at a time: where one is under way, it is that one. Needs ADMIN.",
  })
  reencryptSecrets(@Ctx() { services, origin }: GraphqlContext): Promise<JobPayloadType> {
    return payload(async () => ({ job: toJobType(await services.secrets.reencrypt(origin)) }), {});
  }
}
