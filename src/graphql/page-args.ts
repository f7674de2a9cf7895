import { ArgsType, Field, Int } from "type-graphql";
import type { PageRequest } from "../kit/page.ts";
import { BadArgument } from "./bad-argument.ts";

const defaultSize = 25;
const maxSize = 100;

@ArgsType()
export class ForwardPageArgs {
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

/** The part of a list that the arguments mean. @throws BadArgument */
export function toPageRequest(args: ForwardPageArgs & Partial<PageArgs>): PageRequest {
  const backward = isGiven(args.last) || isGiven(args.before);
  if (backward && isGiven(args.first)) throw new BadArgument("first", "cannot be used together with last or before");
  if (backward && isGiven(args.after)) throw new BadArgument("after", "cannot be used together with last or before");
  if (backward) {
    return { direction: "BACKWARD", limit: sizeOf("last", args.last), cursor: args.before ?? undefined };
  }
  return { direction: "FORWARD", limit: sizeOf("first", args.first), cursor: args.after ?? undefined };
}

function sizeOf(name: "first" | "last", size: number | null | undefined): number {
  const wanted = size ?? defaultSize;
  if (wanted < 1 || wanted > maxSize) throw new BadArgument(name, `must be from 1 to ${maxSize}, not ${wanted}`);
  return wanted;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
