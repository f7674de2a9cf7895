import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type SubscriptionArgs,
} from "graphql";
import { utf8Bytes } from "./text-frame.ts";

/** Where a subscription's results go. */
export interface Subscriber {
  /** Two subscribers with the same text get the same answers to the same event: who asks, document, variables. */
  readonly key: string;
  /** The operation's id in the protocol. */
  readonly id: string;
  /** Takes a text as the bytes of its UTF-8. @returns undefined where it may have more at once; else what resolves when it may */
  send(bytes: string): Promise<void> | undefined;
}

/** What one event becomes: the payload's JSON with the end of its message as bytes, or a result that each subscriber is told of in its own words. */
type Answer = { readonly rest: string } | { readonly result: ExecutionResult };

/** Subscribers who get the same answers. */
interface Audience {
  members: number;
  /** By the event, which every one of them is handed as the same object; a promise until it is worked out. */
  readonly answers: WeakMap<object, Promise<Answer> | Answer>;
}

/**
 * Executes an event once for all who asked for the same, and writes its JSON once: sources hand the same object to everybody.
 * Results go to the sockets from here; errors and the end go the protocol's own way.
 */
export class SharedDeliveries {
  readonly #audiences = new Map<string, Audience>();
  readonly #subscribers = new WeakMap<ExecutionArgs, Subscriber>();

  /** The subscription that will be begun with these arguments is this one. */
  expect(args: ExecutionArgs, subscriber: Subscriber): void {
    this.#subscribers.set(args, subscriber);
  }

  /** Subscribers under way, by what they asked for. */
  get audiences(): number {
    return this.#audiences.size;
  }

  /** In the place of graphql's own. */
  async subscribe(args: SubscriptionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return events;
    const subscriber = this.#subscribers.get(args);
    if (!subscriber) throw new UnexpectedSubscription("A subscription was begun that nobody expects.");
    const source: AsyncIterator<unknown> = events[Symbol.asyncIterator]();
    return new Delivery(args, source, subscriber, this.#join(subscriber.key), () => this.#leave(subscriber.key));
  }

  #join(key: string): Audience {
    let audience = this.#audiences.get(key);
    if (!audience) {
      audience = { members: 0, answers: new WeakMap() };
      this.#audiences.set(key, audience);
    }
    audience.members += 1;
    return audience;
  }

  #leave(key: string): void {
    const audience = this.#audiences.get(key);
    if (!audience) return;
    audience.members -= 1;
    if (audience.members === 0) this.#audiences.delete(key);
  }
}

/** A subscription that nobody told of: a mistake of ours. */
class UnexpectedSubscription extends GraphQLError {}

/** One subscriber's way through its events; to the protocol it looks like a subscription that has only errors and an end. */
class Delivery implements AsyncIterableIterator<ExecutionResult> {
  #ended = false;
  readonly #prefix: string;

  constructor(
    private readonly args: SubscriptionArgs,
    private readonly source: AsyncIterator<unknown>,
    private readonly subscriber: Subscriber,
    private readonly audience: Audience,
    private readonly onEnd: () => void,
  ) {
    this.#prefix = utf8Bytes(`{"id":${JSON.stringify(subscriber.id)},"type":"next","payload":`);
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    try {
      while (!this.#ended) {
        const event = await this.source.next();
        if (event.done || this.#ended) break;
        const worked = this.#answerTo(event.value);
        // Nothing is waited for that is there: all who listen go through here with each event.
        const answer = worked instanceof Promise ? await worked : worked;
        if (this.#ended) break;
        if ("result" in answer) return { done: false, value: answer.result };
        const room = this.subscriber.send(this.#prefix + answer.rest);
        if (room) await room;
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#end();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd();
  }

  #answerTo(event: unknown): Promise<Answer> | Answer {
    if (typeof event !== "object" || event === null) return this.#execute(event);
    const { answers } = this.audience;
    const known = answers.get(event);
    if (known) return known;
    const working = this.#execute(event);
    answers.set(event, working);
    return working;
  }

  async #execute(event: unknown): Promise<Answer> {
    const result = await execute({ ...this.args, rootValue: event });
    const answer = result.errors ? { result } : { rest: utf8Bytes(`${JSON.stringify({ data: result.data })}}`) };
    if (typeof event === "object" && event !== null) this.audience.answers.set(event, answer);
    return answer;
  }
}
