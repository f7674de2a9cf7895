/** By digits behind the point. Live figures are said every second, and making a format costs forty times what using one does. */
const inDigits = {
  0: new Intl.NumberFormat("en", { maximumFractionDigits: 0 }),
  1: new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  2: new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
} as const;

/** Milliseconds as people say them: `4.2 ms`, `850 ms`, `12 s`. */
export function sayMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return saySeconds(ms / 1_000);
}

/** Seconds as people say them: `9 s`, `3 min 20 s`, `2 h 5 min`, `4 d`. */
export function saySeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return joined(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return joined(Math.floor(whole / 3_600), "h", Math.floor((whole % 3_600) / 60), "min");
  return `${Math.floor(whole / 86_400)} d`;
}

/** How long ago, in one unit: it is read at a glance. */
export function sayAgo(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A count; `totalCount` is exact up to 10,000 and 10,001 means more. */
export function sayTotal(count: number): string {
  return count > 10_000 ? "more than 10,000" : inDigits[0].format(count);
}

export function sayNumber(value: number | null | undefined, digits: keyof typeof inDigits = 0): string {
  if (value === null || value === undefined) return "–";
  return inDigits[digits].format(value);
}

/** `1 tenant`, `3 tenants`. */
export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${sayTotal(count)} ${count === 1 ? one : many}`;
}

function joined(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
