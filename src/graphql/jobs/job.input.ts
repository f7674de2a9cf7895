import { ArgsType, Field, ID, InputType } from "type-graphql";
import type { JobKind, JobStatus } from "../../jobs/job.ts";
import type { JobFilter } from "../../jobs/job-store.ts";
import { idOrUnknown } from "../global-id.ts";
import { ForwardPageArgs, PageArgs } from "../page-args.ts";
import { JobItemStatusEnum, JobKindEnum, JobStatusEnum, type ShownItemStatus } from "./job.enums.ts";

@InputType("JobFilter", { description: "Which jobs are meant; what is left out does not narrow." })
export class JobFilterInput {
  @Field(() => [JobKindEnum], { nullable: true, description: "Any of these." })
  readonly kinds?: readonly JobKind[] | null;

  @Field(() => [JobStatusEnum], { nullable: true, description: "Any of these." })
  readonly statuses?: readonly JobStatus[] | null;

  @Field(() => ID, { nullable: true, description: "Work on this tenant." })
  readonly tenantId?: string | null;
}

/** The filter, as the registry understands it. */
export function toJobFilter(input: JobFilterInput | null | undefined): JobFilter {
  return {
    kinds: input?.kinds ?? undefined,
    statuses: input?.statuses ?? undefined,
    tenantId: input?.tenantId ? idOrUnknown("tenant", input.tenantId) : undefined,
  };
}

@ArgsType()
export class JobsArgs extends PageArgs {
  @Field(() => JobFilterInput, { nullable: true, description: "Which jobs are meant." })
  readonly filter?: JobFilterInput | null;
}

@ArgsType()
export class JobItemsArgs extends ForwardPageArgs {
  @Field(() => [JobItemStatusEnum], { nullable: true, description: "Any of these." })
  readonly statuses?: readonly ShownItemStatus[] | null;
}
