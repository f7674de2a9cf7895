import { ArgsType, Field, InputType, Int } from "type-graphql";
import type { JobStatus } from "../../jobs/job.ts";
import type { ConnectionTestInput as ConnectionTest } from "../../test-runs/connection/connection-test-options.ts";
import type { IsolationTestInput as IsolationTest } from "../../test-runs/isolation/isolation-test-options.ts";
import type { TestKind, TestRunFilter, Verdict } from "../../test-runs/test-run.ts";
import { JobStatusEnum } from "../jobs/job.enums.ts";
import { ForwardPageArgs, PageArgs } from "../page-args.ts";
import { TenantFilterInput, toTenantFilter } from "../tenants/tenant-filter.input.ts";
import { TestKindEnum, VerdictEnum } from "./test-run.enums.ts";

@InputType("TestRunFilter", { description: "Which test runs are meant; what is left out does not narrow." })
export class TestRunFilterInput {
  @Field(() => [TestKindEnum], { nullable: true, description: "Any of these." })
  readonly kinds?: readonly TestKind[] | null;

  @Field(() => [JobStatusEnum], { nullable: true, description: "Any of these." })
  readonly statuses?: readonly JobStatus[] | null;
}

/** The filter, as the registry understands it. */
export function toTestRunFilter(input: TestRunFilterInput | null | undefined): TestRunFilter {
  return { kinds: input?.kinds ?? undefined, statuses: input?.statuses ?? undefined };
}

@ArgsType()
export class TestRunsArgs extends PageArgs {
  @Field(() => TestRunFilterInput, { nullable: true, description: "Which test runs are meant." })
  readonly filter?: TestRunFilterInput | null;
}

@ArgsType()
export class TestResultsArgs extends ForwardPageArgs {
  @Field(() => [VerdictEnum], { nullable: true, description: "Any of these." })
  readonly verdicts?: readonly Verdict[] | null;
}

@InputType("ConnectionTestInput", { description: "Which tenants to log in as, and how patiently." })
export class ConnectionTestInput {
  @Field(() => TenantFilterInput, { nullable: true, description: "Left out: every ACTIVE tenant." })
  readonly filter?: TenantFilterInput | null;

  @Field(() => Int, { nullable: true, description: "At most so many, spread over those that match; left out: all." })
  readonly maxTenants?: number | null;

  @Field(() => Int, { nullable: true, description: "Tries after the first: 0..10, default 2." })
  readonly retries?: number | null;

  @Field(() => Int, { nullable: true, description: "Milliseconds for one tenant: 100..60000, default 5000." })
  readonly timeoutMs?: number | null;

  @Field(() => Int, { nullable: true, description: "Tenants at once: 1..64, default 16." })
  readonly concurrency?: number | null;
}

/** The wish, as the service understands it. */
export function toConnectionTest(input: ConnectionTestInput): ConnectionTest {
  return {
    filter: toTenantFilter(input.filter),
    maxTenants: input.maxTenants ?? undefined,
    retries: input.retries ?? undefined,
    timeoutMs: input.timeoutMs ?? undefined,
    concurrency: input.concurrency ?? undefined,
  };
}

@InputType("IsolationTestInput", { description: "Which tenants to try as attackers and victims." })
export class IsolationTestInput {
  @Field(() => TenantFilterInput, { nullable: true, description: "Left out: every ACTIVE tenant." })
  readonly filter?: TenantFilterInput | null;

  @Field(() => Int, { nullable: true, description: "At most so many, spread over those that match; left out: all." })
  readonly maxTenants?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether evidence lists every attempt, also where all were denied; default false.",
  })
  readonly detailed?: boolean | null;
}

/** The wish, as the service understands it. */
export function toIsolationTest(input: IsolationTestInput): IsolationTest {
  return {
    filter: toTenantFilter(input.filter),
    maxTenants: input.maxTenants ?? undefined,
    detailed: input.detailed ?? undefined,
  };
}
