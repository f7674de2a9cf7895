import { Field, InputType, Int } from "type-graphql";
import type { PerformanceTestInput as PerformanceTest } from "../../test-runs/performance/performance-test-options.ts";
import { TenantFilterInput, toTenantFilter } from "../tenants/tenant-filter.input.ts";

@InputType("PerformanceTestInput", { description: "Which tenants to put under load, and how much of it." })
export class PerformanceTestInput {
  @Field(() => TenantFilterInput, {
    nullable: true,
    description: "Left out: the tenants with the label test=true, or a few ACTIVE ones where none carries it.",
  })
  readonly filter?: TenantFilterInput | null;

  @Field(() => Int, { nullable: true, description: "At most so many tenants, chosen to stand for all." })
  readonly maxTenants?: number | null;

  @Field(() => Int, { nullable: true, description: "Users, spread over the tenants: 1..10000, default 10." })
  readonly maxUsers?: number | null;

  @Field(() => Int, { nullable: true, description: "Operations of each user: 1..100000, default 25." })
  readonly operationsPerUser?: number | null;

  @Field(() => Int, { nullable: true, description: "Seconds over which they arrive evenly: 1..300, default 10." })
  readonly durationSeconds?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Leave out persistence, concurrent writers and roll-back; default false.",
  })
  readonly skipDeepTests?: boolean | null;
}

/** The wish, as the service understands it. */
export function toPerformanceTest(input: PerformanceTestInput): PerformanceTest {
  return {
    filter: toTenantFilter(input.filter),
    maxTenants: input.maxTenants ?? undefined,
    maxUsers: input.maxUsers ?? undefined,
    operationsPerUser: input.operationsPerUser ?? undefined,
    durationSeconds: input.durationSeconds ?? undefined,
    skipDeepTests: input.skipDeepTests ?? undefined,
  };
}
