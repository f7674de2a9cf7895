import { Field, Float, ObjectType } from "type-graphql";
import type { JobItem } from "../../jobs/job.ts";
import { connectionType } from "../connection.ts";
import { JobItemStatusEnum } from "./job.enums.ts";
import { JobErrorType } from "./job-error.type.ts";

@ObjectType("JobItem", { description: "What became of one tenant in a job.", simpleResolvers: true })
export class JobItemType {
  readonly item!: JobItem;

  @Field(() => JobItemStatusEnum, { description: "How it ended." })
  readonly status!: JobItem["status"];

  @Field(() => Float, { description: "Milliseconds that were spent on this tenant." })
  readonly durationMs!: number;

  @Field(() => JobErrorType, { nullable: true, description: "Why it failed or was left out." })
  readonly error?: JobErrorType | undefined;

  @Field(() => String, {
    nullable: true,
    description: "Of a migration: the tenant's schema version before; null: none.",
  })
  readonly fromVersion?: string | undefined;

  @Field(() => String, { nullable: true, description: "Of a migration: the tenant's schema version after." })
  readonly toVersion?: string | undefined;
}

/** An item, as the API shows it. */
export function toJobItemType(item: JobItem): JobItemType {
  const { status, durationMs, error, fromVersion, toVersion } = item;
  return { item, status, durationMs, error, fromVersion, toVersion };
}

export const JobItemConnectionType = connectionType("JobItem", "tenants in a job", () => JobItemType);
