import type { Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";
import type { Output } from "../terminal.ts";
import type { WorkEvent } from "./follow.ts";
import { barOf, lineOf } from "./progress-text.ts";

/** Shows how far some work is, on stderr. */
export interface ProgressDisplay {
  show(event: WorkEvent): void;
  /** A remark in between. */
  note(text: string): void;
  /** Nothing more will come. */
  end(): void;
}

/** A display that fits where it is shown: a bar on a terminal, else a line per event, or only remarks. */
export function progressDisplay(output: Output, paint: Paint, quiet: boolean): ProgressDisplay {
  if (quiet) return new LineDisplay(output, false);
  return output.isTTY ? new BarDisplay(output, paint) : new LineDisplay(output, true);
}

/** A line per event. */
class LineDisplay implements ProgressDisplay {
  constructor(
    private readonly output: Output,
    private readonly events: boolean,
  ) {}

  show(event: WorkEvent): void {
    if (this.events) this.note(lineOf(event));
  }

  note(text: string): void {
    this.output.write(`${visible(text)}\n`);
  }

  end(): void {
    // Every line stands already.
  }
}

/** To the line's begin, and away with what stands there. */
const eraseLine = "\r\u001b[K";

/**
 * One line that is drawn anew with each event. It leaves nothing behind that would have to be put right: the cursor stays visible,
 * so a second Ctrl-C may end the process at any moment.
 */
class BarDisplay implements ProgressDisplay {
  #newest: WorkEvent | undefined;

  constructor(
    private readonly output: Output,
    private readonly paint: Paint,
  ) {}

  show(event: WorkEvent): void {
    this.#newest = event;
    this.#draw();
  }

  note(text: string): void {
    this.output.write(`${eraseLine}${visible(text)}\n`);
    this.#draw();
  }

  end(): void {
    if (this.#newest) this.output.write("\n");
    this.#newest = undefined;
  }

  #draw(): void {
    if (this.#newest) this.output.write(eraseLine + barOf(this.#newest, this.output.columns ?? 80, this.paint));
  }
}
