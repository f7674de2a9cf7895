import { stringifyDocument, type TypedDocumentNode } from "@urql/core";
import type { Client } from "graphql-ws";

/** An event of something that is followed: dense sequences from 1. */
export interface Sequenced {
  readonly sequence: number;
}

export interface Following<Data, Event extends Sequenced> {
  readonly document: TypedDocumentNode<Data, { id: string; after?: number | null | undefined }>;
  readonly id: string;
  /** Sequence of the last event already seen; 0: none. */
  readonly after: number;
  pick(data: Data): Event;
  onEvent(event: Event): void;
  /** After the final event, or when the service refuses to go on, with its sentence. */
  onEnd(refusal?: string): void;
}

const againAfterMs = 1_000;

/**
 * Follows to the final event. The socket repeats the question after each loss; the question says then what was seen last,
 * so that no event is missed and none is asked for twice. What the service cannot answer just now is asked again.
 * @returns what stops it
 */
export function follow<Data, Event extends Sequenced>(socket: Client, given: Following<Data, Event>): () => void {
  let seen = given.after;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  const variables = {
    id: given.id,
    // Read again each time that the question is written to a socket.
    get after() {
      return seen;
    },
  };
  const refused = (errors: unknown) => {
    if (isRetryable(errors)) timer = setTimeout(begin, againAfterMs);
    else given.onEnd(sentenceOf(errors));
  };
  const begin = () => {
    // A result without data is an end, too, and the service completes after it.
    let ended = false;
    stop = socket.subscribe<Data>(
      { query: stringifyDocument(given.document), variables },
      {
        next: ({ data, errors }) => {
          if (!data) {
            ended = true;
            return refused(errors);
          }
          const event = given.pick(data);
          if (event.sequence <= seen) return;
          seen = event.sequence;
          given.onEvent(event);
        },
        error: (error) => refused(error),
        complete: () => ended || given.onEnd(),
      },
    );
  };
  begin();
  return () => {
    clearTimeout(timer);
    stop?.();
  };
}

function isRetryable(errors: unknown): boolean {
  const [first] = Array.isArray(errors) ? (errors as readonly { extensions?: { retryable?: unknown } }[]) : [];
  return first?.extensions?.retryable === true;
}

function sentenceOf(error: unknown): string {
  if (Array.isArray(error)) return sentenceOf(error[0]);
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return "The service ended the connection.";
}
