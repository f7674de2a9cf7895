import type { Figure } from "../figure.ts";
import { Child } from "../support/child.ts";
import { compared, inTurns, Series, timed } from "../support/series.ts";

/** How soon the built command line says what it can do, beside a Node that does nothing. */
export const figure: Figure = {
  title: "Command line",
  async measure(bench) {
    const ours = new Series(() => timed(() => new Child(["dist/main.js", "--help"], {}).exited));
    const beside = new Series(() => timed(() => new Child(["-e", "0"], {}).exited));
    await inTurns(bench.pick(7, 21), ours, beside);
    return [
      compared({ what: "tenantry --help", unit: "ms", ours, beside, besideIs: "node -e 0", better: "LESS" }),
      { what: "tenantry --help, alone", unit: "ms", ours: ours.median, goal: { atMost: 300, floor: 600 } },
    ];
  },
};
