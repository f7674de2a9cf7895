// Figures as people read them. Each is pure, and says "-" for what is not there.

/** What stands where there is nothing. */
export const nothing = "-";

/** Milliseconds, as `0.84 ms`, `12 ms`, `1.2 s`, `3 min 20 s`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return nothing;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** A share of 1, as `99.5 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** So many a second, as `12.4/s`. */
export function rate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return nothing;
  return `${perSecond < 100 ? Number(perSecond.toFixed(1)) : Math.round(perSecond)}/s`;
}

/** An instant, in UTC and to the second: `2026-11-25 16:28:05`. */
export function instant(at: string | null | undefined): string {
  return at ? at.slice(0, 19).replace("T", " ") : nothing;
}

/** `3 tenants`, `1 tenant`. */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`;
}

/** How long something took, between two instants; up to now while it has not ended. */
export function span(from: string | null | undefined, to: string | null | undefined): string {
  return from && to ? duration(Date.parse(to) - Date.parse(from)) : nothing;
}
