import type { JobId } from "../kit/ids.ts";
import { isFinal, type JobEvent } from "./job.ts";

/** The live end of one followed job: its newest events, shared by all who follow it. */
export class JobTopic {
  /** Sequence of the newest event known; undefined until the job was looked up. */
  #newest: number | undefined;
  #ended = false;
  /** Highest sequence that somebody spoke of; above `newest` when rows are to be read. */
  #announced = 0;
  readonly #tail: JobEvent[] = [];
  #waiters = new Set<() => void>();
  /** Those who follow; at 0 the topic may go. */
  followers = 0;

  constructor(
    readonly jobId: JobId,
    private readonly tailLength: number,
  ) {}

  get newest(): number {
    return this.#newest ?? 0;
  }
  /** Whether the job was looked up. */
  get opened(): boolean {
    return this.#newest !== undefined;
  }
  get ended(): boolean {
    return this.#ended;
  }
  /** Whether rows are known of that are not in the tail yet. */
  get behind(): boolean {
    return this.#announced > this.newest;
  }

  /** Takes the job's state as the live end. */
  open(lastSequence: number, ended: boolean): void {
    if (this.#newest !== undefined) return;
    this.#newest = lastSequence;
    this.#ended = ended;
  }

  /** Rows up to this sequence exist. */
  announce(sequence: number): void {
    this.#announced = Math.max(this.#announced, sequence);
  }

  /** Appends the next event, ignores one that is known, and remembers that rows are missing when there is a hole. */
  add(event: JobEvent): void {
    this.announce(event.sequence);
    if (this.#newest === undefined || event.sequence !== this.#newest + 1) return;
    this.#newest = event.sequence;
    this.#ended = isFinal(event.status);
    this.#tail.push(event);
    if (this.#tail.length > this.tailLength) this.#tail.shift();
    this.wakeAll();
  }

  /** The event of this sequence, when the tail still has it. */
  at(sequence: number): JobEvent | undefined {
    const first = this.#tail[0];
    return first && sequence >= first.sequence ? this.#tail[sequence - first.sequence] : undefined;
  }

  /** Calls `wake` once, at the next change. */
  onChange(wake: () => void): void {
    this.#waiters.add(wake);
  }

  /** Takes the wish to be woken back. */
  forget(wake: () => void): void {
    this.#waiters.delete(wake);
  }

  wakeAll(): void {
    const waiters = this.#waiters;
    this.#waiters = new Set();
    for (const wake of waiters) wake();
  }
}
