import { Ctx, Query, Resolver } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { toViewerType, ViewerType } from "./viewer.type.ts";

@Resolver()
export class ViewerResolver {
  @Query(() => ViewerType, { description: "Who asks." })
  viewer(@Ctx() { origin }: GraphqlContext): ViewerType {
    return toViewerType(origin.actor);
  }
}
