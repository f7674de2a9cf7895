/** A named point was told to fail. It stands for a bug, so it is none of the errors that anybody handles. */
export class InjectedFailure extends Error {
  override readonly name = "InjectedFailure";
}

/** The text that says which points fail does not read `name=exit|throw|hang[@nth]`, comma-separated. */
export class FailpointsInvalid extends Error {
  override readonly name = "FailpointsInvalid";
}

/** Named points at which tests make a real process fail. */
export interface Failpoints {
  /** Does nothing, unless this point was told to fail: then the process ends, an error is thrown, or nothing comes back until the signal aborts. */
  hit(name: string, signal?: AbortSignal): Promise<void>;
  /** Whether a point whose name begins so was told to fail: work that would go in one may stop at it then. */
  armed(beginning: string): boolean;
}

/** Nothing ever fails. */
export const noFailpoints: Failpoints = { hit: () => Promise.resolve(), armed: () => false };

interface ArmedPoint {
  readonly effect: "exit" | "throw" | "hang";
  /** At which of its hits, from 1. */
  readonly nth: number;
  hits: number;
}

const form = /^([a-z][a-z0-9:-]*)=(exit|throw|hang)(?:@([1-9][0-9]{0,5}))?$/;

/**
 * Reads e.g. `provision:account=exit@3,provision:verified=hang`.
 * @param exit ends the process at once, without any clean-up: the crash itself @param reached hears of a point just before it fails
 * @throws FailpointsInvalid
 */
export function parseFailpoints(
  text: string,
  exit: () => void,
  reached: (name: string) => void = () => undefined,
): Failpoints {
  const points = new Map<string, ArmedPoint>();
  for (const entry of text.split(",").filter((part) => part !== "")) {
    const [, name, effect, nth] = form.exec(entry.trim()) ?? [];
    if (!name || (effect !== "exit" && effect !== "throw" && effect !== "hang")) {
      throw new FailpointsInvalid(`"${entry}" does not read name=exit|throw|hang[@nth].`);
    }
    points.set(name, { effect, nth: Number(nth ?? 1), hits: 0 });
  }
  return {
    armed: (beginning) => [...points.keys()].some((name) => name.startsWith(beginning)),
    hit: async (name, signal) => {
      const point = points.get(name);
      if (!point) return;
      point.hits += 1;
      if (point.hits !== point.nth) return;
      reached(name);
      await fail(name, point.effect, exit, signal);
    },
  };
}

async function fail(
  name: string,
  effect: ArmedPoint["effect"],
  exit: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  switch (effect) {
    case "exit":
      exit();
      return;
    case "throw":
      throw new InjectedFailure(`Told to fail at ${name}.`);
    case "hang":
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (signal?.aborted) reject(signal.reason);
      });
  }
}
