import type { Clock } from "../kit/clock.ts";
import { LatencyHistogram } from "../kit/histogram.ts";
import type { ApiMetrics } from "./metrics-snapshot.ts";

/** One answered query or mutation, or a refused request. */
export interface AnsweredRequest {
  readonly ms: number;
  readonly failed: boolean;
}

/** What an {@link ApiMeter} passes on, beside what it keeps. */
export type AnswerListener = (answer: AnsweredRequest) => void;

/** Seconds that rates are taken over. */
const windowSeconds = 10;
/** A histogram is shown from this age on, and until twice this age. Milliseconds. */
const histogramMs = 30_000;

interface Second {
  readonly at: number;
  requests: number;
  errors: number;
}

/** Counts what the API answers, over both transports. Memory is bounded, however much is asked. */
export class ApiMeter {
  readonly #startedAtMs: number;
  #seconds: Second[] = [];
  #shown = new LatencyHistogram();
  #next = new LatencyHistogram();
  #turnedAtMs: number;
  #subscriptions = 0;
  #requestsTotal = 0;
  #errorsTotal = 0;

  constructor(
    private readonly clock: Clock,
    private readonly listener: AnswerListener = () => undefined,
  ) {
    this.#startedAtMs = clock.monotonicMs();
    this.#turnedAtMs = this.#startedAtMs;
  }

  get requestsTotal(): number {
    return this.#requestsTotal;
  }
  get errorsTotal(): number {
    return this.#errorsTotal;
  }
  get activeSubscriptions(): number {
    return this.#subscriptions;
  }

  /** A query or mutation was answered, or a request refused. */
  answered(answer: AnsweredRequest): void {
    this.#count(1, answer.failed ? 1 : 0);
    this.#turn();
    this.#shown.record(answer.ms);
    this.#next.record(answer.ms);
    this.listener(answer);
  }

  /** A subscription began. @returns what is called at its end; only the first call counts */
  subscribed(): (failed: boolean) => void {
    this.#count(1, 0);
    this.#subscriptions += 1;
    let ended = false;
    return (failed) => {
      if (ended) return;
      ended = true;
      this.#subscriptions -= 1;
      if (failed) this.#count(0, 1);
    };
  }

  metrics(): ApiMetrics {
    this.#turn();
    this.#forgetOldSeconds();
    const lived = (this.clock.monotonicMs() - this.#startedAtMs) / 1000;
    const seconds = Math.min(windowSeconds, Math.max(1, lived));
    const total = (of: (second: Second) => number) => this.#seconds.reduce((sum, second) => sum + of(second), 0);
    return {
      requestsPerSecond: total(({ requests }) => requests) / seconds,
      errorsPerSecond: total(({ errors }) => errors) / seconds,
      latency: this.#shown.stats(),
      activeSubscriptions: this.#subscriptions,
    };
  }

  #count(requests: number, errors: number): void {
    this.#requestsTotal += requests;
    this.#errorsTotal += errors;
    const second = this.#second();
    second.requests += requests;
    second.errors += errors;
  }

  #second(): Second {
    const at = Math.floor(this.clock.monotonicMs() / 1000);
    const newest = this.#seconds.at(-1);
    if (newest?.at === at) return newest;
    const second = { at, requests: 0, errors: 0 };
    this.#seconds.push(second);
    this.#forgetOldSeconds();
    return second;
  }

  #forgetOldSeconds(): void {
    const oldest = Math.floor(this.clock.monotonicMs() / 1000) - windowSeconds;
    while (this.#seconds[0] && this.#seconds[0].at <= oldest) this.#seconds.shift();
  }

  /** The histogram that was filled beside the shown one takes its place, so that what is shown is never older than two turns. */
  #turn(): void {
    const ageMs = this.clock.monotonicMs() - this.#turnedAtMs;
    if (ageMs < histogramMs) return;
    this.#shown = ageMs < 2 * histogramMs ? this.#next : new LatencyHistogram();
    this.#next = new LatencyHistogram();
    this.#turnedAtMs = this.clock.monotonicMs();
  }
}
