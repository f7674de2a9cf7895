import type { EventSocket } from "../api/event-socket.ts";
import { FollowJobDocument, FollowRunDocument } from "../gql/graphql.ts";
import type { Feed, WorkEvent } from "./follow.ts";

/** Slow work under way on the service. */
export interface Work {
  /** What it is looked at by. */
  readonly id: string;
  /** What it is cancelled by. */
  readonly jobId: string;
  feed(socket: EventSocket): Feed<WorkEvent>;
}

/** A job. */
export function jobWork(id: string): Work {
  return {
    id,
    jobId: id,
    feed: (socket) => ({
      open: (after, opened) => eventsOf(socket.subscribe(FollowJobDocument, { id, after }, opened)),
    }),
  };
}

/** A test run. */
export function runWork({ id, job }: { readonly id: string; readonly job: { readonly id: string } }): Work {
  return {
    id,
    jobId: job.id,
    feed: (socket) => ({
      open: (after, opened) => eventsOf(socket.subscribe(FollowRunDocument, { id, after }, opened)),
    }),
  };
}

async function* eventsOf(answers: AsyncIterable<{ readonly event: WorkEvent }>): AsyncGenerator<WorkEvent> {
  for await (const { event } of answers) yield event;
}
