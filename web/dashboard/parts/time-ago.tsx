import { useSyncExternalStore } from "react";
import { sayAgo } from "./say.ts";

/** How long ago something was, kept true as time goes on; the exact time stands in its title. */
export function TimeAgo({ at, never = "never" }: { readonly at: string | null | undefined; readonly never?: string }) {
  const nowMs = useSyncExternalStore(ticker.subscribe, ticker.now);
  if (!at) return <span>{never}</span>;
  return (
    <time dateTime={at} title={exactly.format(new Date(at))} className="figures">
      {sayAgo(Math.max(0, nowMs - Date.parse(at)))}
    </time>
  );
}

const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const tickMs = 5_000;

/** One timer for all of them, as long as there is one: they change to the next value at once. */
class Ticker {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      for (const each of this.#listeners) each();
    }, tickMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly now = (): number => Math.floor(Date.now() / tickMs) * tickMs;
}

const ticker = new Ticker();
