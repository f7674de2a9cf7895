import { Field, Float, Int, ObjectType } from "type-graphql";

@ObjectType("LatencyStats", { description: "Milliseconds.", simpleResolvers: true })
export class LatencyStatsType {
  @Field(() => Int, { description: "How many were measured." })
  readonly count!: number;

  @Field(() => Float, { description: "The quickest." })
  readonly min!: number;

  @Field(() => Float, { description: "The mean." })
  readonly avg!: number;

  @Field(() => Float, { description: "Half were at most this." })
  readonly p50!: number;

  @Field(() => Float, { description: "90 % were at most this." })
  readonly p90!: number;

  @Field(() => Float, { description: "95 % were at most this." })
  readonly p95!: number;

  @Field(() => Float, { description: "99 % were at most this." })
  readonly p99!: number;

  @Field(() => Float, { description: "The slowest." })
  readonly max!: number;
}
