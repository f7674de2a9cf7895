import { useSyncExternalStore } from "react";
import { sayAgo } from "./say.ts";

/** How long ago something was, kept true as time goes on; the exact time stands in its title. */
export function TimeAgo({ at, never = "never" }: { readonly at: string | null | undefined; readonly never?: string }) {
  const nowMs = useSyncExternalStore(subscribe, now);
  if (!at) return <span>{never}</span>;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="figures">
      {sayAgo(Math.max(0, nowMs - Date.parse(at)))}
    </time>
  );
}

const tickMs = 5_000;

/** All of them tick together, and change to the next value at once. */
function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, tickMs);
  return () => clearInterval(timer);
}

function now(): number {
  return Math.floor(Date.now() / tickMs) * tickMs;
}
