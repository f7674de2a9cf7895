import type { Clock } from "../../kit/clock.ts";
import { StreamBroken } from "../api/stream-broken.ts";
import { NotReachable } from "../failure.ts";
import type { JobStatus, ProgressFiguresFragment } from "../gql/graphql.ts";

/** One event of a job or of a test run. */
export interface WorkEvent {
  readonly sequence: number;
  readonly at: string;
  readonly status: JobStatus;
  readonly message: string;
  readonly progress: ProgressFiguresFragment;
}

/** Where events come from. */
export interface Feed<Event extends WorkEvent> {
  /** Events after this one, until the final one. @param opened called when the service has let us in @throws StreamBroken */
  open(after: number, opened: () => void): AsyncIterable<Event>;
}

/** How somebody follows who will not let go. */
export interface Tenacity {
  readonly clock: Clock;
  /** How long a service that went away is waited for, milliseconds. */
  readonly patienceMs: number;
  /** 0..1; spreads those who come back at the same moment. */
  random(): number;
  /** Told when events stop coming: why, and in how many milliseconds it is tried again. */
  lost(why: string, waitMs: number): void;
}

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/** Whether a job or run with this status changes no more. */
export function isFinal(status: JobStatus): boolean {
  return status === "SUCCEEDED" || status === "FAILED" || status === "CANCELLED";
}

/**
 * Every event after `after`, each once and in order, up to the final one. A connection that breaks is opened again behind the
 * last event, with longer and longer pauses. @throws Failure when the service refuses, or stays away for too long
 */
export async function* follow<Event extends WorkEvent>(
  feed: Feed<Event>,
  after: number,
  tenacity: Tenacity,
): AsyncGenerator<Event> {
  const { clock } = tenacity;
  let seen = after;
  let lostAtMs: number | undefined;
  const found = () => {
    lostAtMs = undefined;
  };
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    let why = "The connection ended before the work did.";
    try {
      for await (const event of feed.open(seen, found)) {
        found();
        waitMs = firstWaitMs;
        if (event.sequence <= seen) continue;
        seen = event.sequence;
        yield event;
        if (isFinal(event.status)) return;
      }
    } catch (error) {
      if (!(error instanceof StreamBroken)) throw error;
      if (!error.passing) throw error.failure;
      why = error.message;
    }
    // Half of the pause is chance: followers of one service do not all come back at once.
    const pauseMs = waitMs * (0.5 + tenacity.random() / 2);
    const nowMs = clock.monotonicMs();
    lostAtMs ??= nowMs;
    if (nowMs + pauseMs > lostAtMs + tenacity.patienceMs) throw awayTooLong(why, tenacity.patienceMs);
    tenacity.lost(why, pauseMs);
    await clock.sleep(pauseMs);
  }
}

function awayTooLong(why: string, patienceMs: number): NotReachable {
  return new NotReachable(
    `${why} The service did not come back within ${Math.round(patienceMs / 1_000)} s; the work may go on.`,
  );
}
