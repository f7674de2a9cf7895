import { duration, rate } from "../output/figures.ts";
import type { Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";
import type { WorkEvent } from "./follow.ts";

const barWidth = 28;

/** An event as a line of a log: `#12 RUNNING 53 % 17/32 12.4/s, 2.1 s left: provisioning`. */
export function lineOf({ sequence, status, message, progress }: WorkEvent): string {
  const { percent, done, failed, skipped, total } = progress;
  const seen = total > 0 ? ` ${done + failed + skipped}/${total}` : "";
  const bad = failed > 0 ? ` ${failed} failed` : "";
  return `#${sequence} ${status} ${Math.floor(percent)} %${seen}${bad}${paceOf(progress)}: ${visible(message)}`;
}

/** An event as a bar of one line, no wider than `columns`. */
export function barOf({ status, message, progress }: WorkEvent, columns: number, paint: Paint): string {
  const { percent, done, failed, skipped, total } = progress;
  const filled = Math.round((percent / 100) * barWidth);
  const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
  const bad = failed > 0 ? ` ${failed} failed` : "";
  const figures = `${String(Math.floor(percent)).padStart(3)} % ${done + failed + skipped}/${total}`;
  const plain = ` ${figures}${bad}${paceOf(progress)}  `;
  const room = columns - barWidth - plain.length - 1;
  const said = visible(status === "RUNNING" ? message : `${status.toLowerCase()}: ${message}`).slice(
    0,
    Math.max(0, room),
  );
  const color = failed > 0 ? paint.red : paint.green;
  return `${color(bar)} ${figures}${bad && paint.red(bad)}${paceOf(progress)}  ${paint.dim(said)}`;
}

function paceOf({ ratePerSecond, etaSeconds }: WorkEvent["progress"]): string {
  const pace = ratePerSecond === null ? "" : ` ${rate(ratePerSecond)}`;
  const left = etaSeconds ? `${pace && ","} ${duration(etaSeconds * 1_000)} left` : "";
  return `${pace}${left}`;
}
