import type { TypedDocumentNode } from "@urql/core";
import { useEffect, useState } from "react";
import { useApi } from "../api/use-api.ts";
import {
  JobProgressDocument,
  type JobProgressSubscription,
  TestRunProgressDocument,
  type TestRunProgressSubscription,
} from "../gql/graphql.ts";
import { follow, type Sequenced } from "./follow.ts";

export type JobEvent = JobProgressSubscription["jobProgress"];
export type TestRunEvent = TestRunProgressSubscription["testRunProgress"];

/** What was heard of a job or a run so far. */
export interface Heard<Event> {
  /** In order; of a long one only the newest. */
  readonly events: readonly Event[];
  /** Events heard, also those that `events` has dropped. */
  readonly count: number;
  readonly last?: Event | undefined;
  /** The final event was heard, or the service refused to go on. */
  readonly ended: boolean;
  /** Why the service refused, as a sentence. */
  readonly refusal?: string | undefined;
}

export interface ProgressOptions<Event> {
  /** Sequence of the last event already seen; default 0: from the beginning. */
  readonly after?: number;
  /** Each event exactly once and in order, also across lost connections. */
  onEvent?(event: Event): void;
}

/** Follows a job to its end, across lost connections, each event once. Nothing while there is no id. */
export function useJobProgress(id: string | undefined, options: ProgressOptions<JobEvent> = {}): Heard<JobEvent> {
  return useHeard(JobProgressDocument, (data) => data.jobProgress, id, options);
}

/** Follows a test run to its end, as `useJobProgress` does a job. */
export function useTestRunProgress(
  id: string | undefined,
  options: ProgressOptions<TestRunEvent> = {},
): Heard<TestRunEvent> {
  return useHeard(TestRunProgressDocument, (data) => data.testRunProgress, id, options);
}

const keptEvents = 1_000;
const nothing = { events: [], count: 0, ended: false } as const;

function useHeard<Data, Event extends Sequenced>(
  document: TypedDocumentNode<Data, { id: string; after?: number | null | undefined }>,
  pick: (data: Data) => Event,
  id: string | undefined,
  { after = 0, onEvent }: ProgressOptions<Event>,
): Heard<Event> {
  const { socket } = useApi();
  const [heard, setHeard] = useState<Heard<Event>>(nothing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is called and where it begins may change without a new beginning
  useEffect(() => {
    if (id === undefined) return;
    const batch = new Batch<Event>((news) => setHeard((before) => grown(before, news)));
    setHeard(nothing);
    const stop = follow(socket, {
      document,
      id,
      after,
      pick,
      onEvent: (event) => {
        onEvent?.(event);
        batch.add(event);
      },
      onEnd: (refusal) => {
        batch.flush();
        setHeard((before) => ({ ...before, ended: true, refusal }));
      },
    });
    return () => {
      batch.drop();
      stop();
    };
  }, [socket, document, id]);
  return heard;
}

function grown<Event>(before: Heard<Event>, news: readonly Event[]): Heard<Event> {
  const events = [...before.events, ...news].slice(-keptEvents);
  return { ...before, events, count: before.count + news.length, last: events.at(-1) };
}

/** How often the page changes at most: more than a few times a second nobody can read, and each time costs the browser the same. */
const togetherMs = 200;

/** Events that come close together are shown together: a replay of thousands is one change of the page. */
class Batch<Event> {
  #waiting: Event[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly show: (events: readonly Event[]) => void) {}

  add(event: Event): void {
    this.#waiting.push(event);
    // No animation frame: a page in the background has none.
    this.#timer ??= setTimeout(() => this.flush(), togetherMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.show(this.#waiting.splice(0));
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }
}
