import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { type ConnectionOf, connection, countedExactly } from "../connection.ts";
import { JobFindingsArgs } from "../findings/finding.input.ts";
import { FindingConnectionType, type FindingType, toFindingType } from "../findings/finding.type.ts";
import { idOrUnknown, parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { payload } from "../payload.ts";
import { TenantType, toTenantType } from "../tenants/tenant.type.ts";
import { JobItemsArgs, JobsArgs, toJobFilter } from "./job.input.ts";
import { JobConnectionType, JobType, toJobType } from "./job.type.ts";
import { JobItemConnectionType, type JobItemType, toJobItemType } from "./job-item.type.ts";
import { JobPayloadType } from "./job-payload.type.ts";

const settled = ["SUCCEEDED", "FAILED", "SKIPPED"] as const;

@Resolver(() => JobType)
export class JobResolver {
  @Query(() => JobType, { nullable: true, description: "A job, or null." })
  async job(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<JobType | undefined> {
    const jobId = parseGlobalId("job", id);
    const job = jobId && (await loaders.job.load(jobId));
    return job && toJobType(job);
  }

  @Query(() => JobConnectionType, { description: "Jobs, newest first." })
  jobs(@Args(() => JobsArgs) args: JobsArgs, @Ctx() { services }: GraphqlContext): Promise<ConnectionOf<JobType>> {
    const filter = toJobFilter(args.filter);
    return connection(
      args,
      (page) => services.jobs.list(filter, page),
      () => services.jobs.count(filter, countedExactly + 1),
      toJobType,
    );
  }

  @Mutation(() => JobPayloadType, {
    description:
      "Asks a job to stop; what it has done stays done. Doing it twice is harmless, and an ended job stays as it is. Also cancels a test run, by the id of its job.",
  })
  cancelJob(
    @Arg("input", () => IdInput, { description: "The job." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const id = idOrUnknown("job", input.id);
    return payload(async () => ({ job: toJobType(await services.jobs.cancel(id, origin)) }), {});
  }

  @Mutation(() => JobPayloadType, {
    description: "Enters a new job that takes what failed or was not reached; the ended one stays ended.",
  })
  retryJob(
    @Arg("input", () => IdInput, { description: "The ended job." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const id = idOrUnknown("job", input.id);
    return payload(async () => ({ job: toJobType(await services.jobs.retry(id, origin)) }), {});
  }

  @FieldResolver(() => TenantType, { nullable: true, description: "Set for work on one tenant." })
  async tenant(@Root() { job }: JobType, @Ctx() { loaders }: GraphqlContext): Promise<TenantType | undefined> {
    const tenant = job.tenantId && (await loaders.tenant.load(job.tenantId));
    return tenant && toTenantType(tenant);
  }

  @FieldResolver(() => JobItemConnectionType, {
    description: "Per-tenant outcome of fleet work, in the order it came.",
  })
  items(
    @Root() { job }: JobType,
    @Args(() => JobItemsArgs) args: JobItemsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<JobItemType>> {
    const statuses = args.statuses ?? settled;
    return connection(
      args,
      (page) => services.jobs.items(job.id, statuses, page),
      () => services.jobs.countItems(job.id, statuses),
      toJobItemType,
    );
  }

  @FieldResolver(() => FindingConnectionType, {
    description: "What a VALIDATE or REPAIR job saw, and what became of it.",
  })
  findings(
    @Root() { job }: JobType,
    @Args(() => JobFindingsArgs) args: JobFindingsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<FindingType>> {
    const filter = { outcomes: args.outcomes ?? undefined, kinds: args.kinds ?? undefined };
    return connection(
      args,
      (page) => services.findings.ofJob(job.id, filter, page),
      () => services.findings.countOfJob(job.id, filter),
      toFindingType,
    );
  }
}
