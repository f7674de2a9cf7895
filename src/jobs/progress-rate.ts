interface Sample {
  readonly atMs: number;
  readonly processed: number;
}

/** Shortest stretch of time that a rate is worked out from; below it the figure would be noise. */
const shortestSpanMs = 250;

/** Items per second over a sliding window; at most some fifty samples are kept. */
export class ProgressRate {
  #samples: Sample[] = [];

  constructor(private readonly windowMs: number) {}

  /** @param processed items behind us; when it falls, another phase has begun and the window starts anew */
  add(atMs: number, processed: number): void {
    const last = this.#samples.at(-1);
    if (last && processed < last.processed) this.#samples = [];
    else if (last && atMs - last.atMs < this.windowMs / 50) return;
    this.#samples.push({ atMs, processed });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= this.windowMs) this.#samples.shift();
  }

  /** @returns undefined while too little time has passed */
  perSecond(atMs: number, processed: number): number | undefined {
    const [first] = this.#samples;
    if (!first || atMs - first.atMs < shortestSpanMs || processed < first.processed) return undefined;
    return ((processed - first.processed) * 1000) / (atMs - first.atMs);
  }
}
