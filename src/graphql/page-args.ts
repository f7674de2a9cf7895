import { ArgsType, Field, Int } from "type-graphql";
import type { PageWish } from "./page-request.ts";

@ArgsType()
export class ForwardPageArgs implements PageWish {
  @Field(() => Int, { nullable: true, description: "How many from the start, or after `after`: 1..100, default 25." })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: "Cursor of the edge before the first one wanted." })
  readonly after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: "How many from the end, or before `before`: 1..100. Not with `first`.",
  })
  readonly last?: number | null;

  @Field(() => String, { nullable: true, description: "Cursor of the edge after the last one wanted." })
  readonly before?: string | null;
}
