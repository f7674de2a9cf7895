import { Field, Float, Int, InterfaceType, ObjectType } from "type-graphql";
import type { Rating } from "../../tenants/tenant.ts";
import type { IsolationCheckKind, TestResult, Verdict } from "../../test-runs/test-run.ts";
import { connectionType } from "../connection.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { RatingEnum } from "../tenants/tenant.enums.ts";
import { TenantType } from "../tenants/tenant.type.ts";
import { tenantOf } from "../tenants/tenant-of.ts";
import { LatencyStatsType } from "./latency-stats.type.ts";
import { DeepTestType, ErrorCountType } from "./performance-figures.type.ts";
import { IsolationCheckKindEnum, VerdictEnum } from "./test-run.enums.ts";

@InterfaceType("TestResult", { description: "What a run says of one tenant." })
export abstract class TestResultType {
  readonly kind!: TestResult["kind"];

  @Field(() => TenantType, { description: "The tenant." })
  readonly tenant!: (args: unknown, context: GraphqlContext) => Promise<TenantType>;

  @Field(() => VerdictEnum, { description: "The judgement." })
  readonly verdict!: Verdict;

  @Field(() => Float, { description: "Milliseconds that were spent on this tenant." })
  readonly durationMs!: number;

  @Field(() => String, { nullable: true, description: "Why it did not pass, machine-readable." })
  readonly errorCode?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "A sentence for people; says too when a success needed retries.",
  })
  readonly message?: string | undefined;
}

@ObjectType("ConnectionTestResult", {
  description: "What a connection test says of one tenant.",
  implements: TestResultType,
  simpleResolvers: true,
})
export class ConnectionTestResultType extends TestResultType {
  override readonly kind!: "CONNECTION";

  @Field(() => Int, { description: "How often it was tried." })
  readonly attempts!: number;

  @Field(() => Float, { nullable: true, description: "Milliseconds to connect and log in as the tenant." })
  readonly connectMs?: number | undefined;

  @Field(() => Float, { nullable: true, description: "Milliseconds of the first query." })
  readonly queryMs?: number | undefined;

  @Field(() => RatingEnum, { nullable: true, description: "Judgement of connect plus first query." })
  readonly rating?: Rating | undefined;

  @Field(() => String, { nullable: true, description: "As the server said it to the tenant." })
  readonly serverVersion?: string | undefined;
}

@ObjectType("IsolationCheck", { description: "One side of a tenant's isolation.", simpleResolvers: true })
export class IsolationCheckType {
  @Field(() => IsolationCheckKindEnum, { description: "The side." })
  readonly kind!: IsolationCheckKind;

  @Field(() => VerdictEnum, { description: "PASS only where the server itself denied every attempt." })
  readonly verdict!: Verdict;

  @Field(() => String, {
    description: "What was tried and seen. Of a reach: attacker, victim, route and statement, without secrets.",
  })
  readonly evidence!: string;
}

@ObjectType("IsolationTestResult", {
  description: "What an isolation test says of one tenant as an attacker, and of what others can do to it.",
  implements: TestResultType,
  simpleResolvers: true,
})
export class IsolationTestResultType extends TestResultType {
  override readonly kind!: "ISOLATION";

  @Field(() => [IsolationCheckType], { description: "Each kind of check once." })
  readonly checks!: readonly IsolationCheckType[];
}

@ObjectType("PerformanceTestResult", {
  description: "What a performance test says of one tenant.",
  implements: TestResultType,
  simpleResolvers: true,
})
export class PerformanceTestResultType extends TestResultType {
  override readonly kind!: "PERFORMANCE";

  @Field(() => Int, { description: "Operations that were answered, well or not." })
  readonly operations!: number;

  @Field(() => Int, { description: "Operations that failed." })
  readonly errors!: number;

  @Field(() => Float, { description: "Operations per second." })
  readonly operationsPerSecond!: number;

  @Field(() => LatencyStatsType, {
    description: "From the moment each operation was due, so that waiting counts; zeros when there was none.",
  })
  readonly latency!: LatencyStatsType;

  @Field(() => RatingEnum, { nullable: true, description: "Judgement of p95, CRITICAL with more than 1 % errors." })
  readonly rating?: Rating | undefined;

  @Field(() => [ErrorCountType], { description: "How operations failed, the most frequent first." })
  readonly errorsByCode!: readonly ErrorCountType[];

  @Field(() => [DeepTestType], { description: "Empty when they were left out, or not reached." })
  readonly deepTests!: readonly DeepTestType[];
}

/** The type of the API that stands for each kind of result. */
export const resultTypeNames: Readonly<Record<TestResult["kind"], string>> = {
  CONNECTION: "ConnectionTestResult",
  ISOLATION: "IsolationTestResult",
  PERFORMANCE: "PerformanceTestResult",
};

/** A result, as the API shows it. */
export function toTestResultType(
  result: TestResult,
): ConnectionTestResultType | IsolationTestResultType | PerformanceTestResultType {
  const { tenantId, ...rest } = result;
  return { ...rest, tenant: (_args, context) => tenantOf(tenantId, context) };
}

export const TestResultConnectionType = connectionType("TestResult", "results of a test run", () => TestResultType);
