import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from "type-graphql";
import { idOrUnknown } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { toJobType } from "../jobs/job.type.ts";
import { JobPayloadType } from "../jobs/job-payload.type.ts";
import { payload } from "../payload.ts";
import { DatabaseServerType } from "./database-server.type.ts";
import { SetWarmPoolTargetInput } from "./warm-pool.input.ts";
import { toWarmPoolType, WarmPoolType } from "./warm-pool.type.ts";

@Resolver(() => DatabaseServerType)
export class ServerWarmPoolResolver {
  @FieldResolver(() => WarmPoolType, { description: "Ready-made databases waiting for a tenant." })
  warmPool(@Root() { server }: DatabaseServerType): WarmPoolType {
    return toWarmPoolType(server);
  }
}

@Resolver(() => WarmPoolType)
export class WarmPoolResolver {
  @FieldResolver(() => Int, { description: "How many are at the newest migration and may be claimed now." })
  ready(@Root() { server }: WarmPoolType, @Ctx() { loaders }: GraphqlContext): Promise<number> {
    return loaders.warmReady.load(server.id);
  }

  @Mutation(() => JobPayloadType, {
    description:
      "Says how many ready-made databases a server keeps. The job makes or takes away what differs now; later the pool is kept by itself.",
  })
  setWarmPoolTarget(
    @Arg("input", () => SetWarmPoolTargetInput, { description: "Which server, and how many." })
    { serverId, target }: SetWarmPoolTargetInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    return payload(
      async () => ({
        job: toJobType(
          await services.warmPool.setTarget({ serverId: idOrUnknown("server", serverId), target }, origin),
        ),
      }),
      {},
    );
  }
}
