import { JobStopped } from "../../jobs/job-handler.ts";

/** Milliseconds for clearing up after a run was told to stop, which has to end within two seconds. */
const clearingMs = 1_500;

/**
 * A signal for clearing up: it lives on for a moment after the job's has aborted. When the lease was lost it aborts at once: what is there
 * now may be the next holder's.
 */
export function clearingSignal(stop: AbortSignal): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    const { reason } = stop;
    if (reason instanceof JobStopped && reason.reason === "LEASE_LOST") controller.abort(reason);
    else timer = setTimeout(() => controller.abort(reason), clearingMs);
  };
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  const dispose = () => {
    stop.removeEventListener("abort", onStop);
    clearTimeout(timer);
  };
  return { signal: controller.signal, dispose };
}
