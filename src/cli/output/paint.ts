import picocolors from "picocolors";
import { assertNever } from "../../kit/assert-never.ts";
import type { Output } from "../terminal.ts";

export type Paint = ReturnType<typeof picocolors.createColors>;

/** How good or bad a word is. */
export type Tone = "GOOD" | "FAIR" | "BAD" | "DULL" | "PLAIN";

const tones: Readonly<Record<string, Tone>> = {
  ACTIVE: "GOOD",
  SUCCEEDED: "GOOD",
  PASS: "GOOD",
  EXCELLENT: "GOOD",
  GOOD: "GOOD",
  ONLINE: "GOOD",
  REPAIRED: "GOOD",
  BETTER: "GOOD",
  OK: "GOOD",
  FAIR: "FAIR",
  SLOW: "FAIR",
  INCONCLUSIVE: "FAIR",
  WARNING: "FAIR",
  PLANNED: "FAIR",
  NEEDS_CONFIRMATION: "FAIR",
  CANCELLED: "FAIR",
  CANCELLING: "FAIR",
  PROVISIONING: "FAIR",
  SUSPENDED: "FAIR",
  DELETING: "FAIR",
  CORDONED: "FAIR",
  FAIL: "BAD",
  FAILED: "BAD",
  CRITICAL: "BAD",
  UNREACHABLE: "BAD",
  WORSE: "BAD",
  DELETED: "DULL",
  SKIPPED: "DULL",
  INFO: "DULL",
};

/** The tone of a word of the API. */
export function toneOf(word: string): Tone {
  return tones[word] ?? "PLAIN";
}

/** Whether an output is to be coloured. NO_COLOR and `--no-color` go before everything; see https://no-color.org. */
export function wantsColor(output: Output, env: Readonly<Record<string, string | undefined>>, flag: boolean): boolean {
  if (!flag || env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return output.isTTY === true && env.TERM !== "dumb";
}

/** Colours, or none. */
export function paintFor(color: boolean): Paint {
  return picocolors.createColors(color);
}

/** A text in the colour of its tone. */
export function toned(paint: Paint, tone: Tone, text: string): string {
  switch (tone) {
    case "GOOD":
      return paint.green(text);
    case "FAIR":
      return paint.yellow(text);
    case "BAD":
      return paint.red(text);
    case "DULL":
      return paint.dim(text);
    case "PLAIN":
      return text;
    default:
      return assertNever(tone);
  }
}
