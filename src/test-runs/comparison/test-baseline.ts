import type { Origin } from "../../kit/actor.ts";
import type { JobId } from "../../kit/ids.ts";
import type { TestKind } from "../test-run.ts";

/** The run of a kind that later ones are held against. */
export interface TestBaseline {
  readonly kind: TestKind;
  readonly runId: JobId;
  readonly acceptedAt: Date;
}

/** The registry, as far as baselines are concerned. Each method is one transaction. */
export interface TestBaselineStore {
  /** The accepted run of a kind. */
  find(kind: TestKind): Promise<TestBaseline | undefined>;
  /** Takes the place of an earlier one; with an audit row. */
  accept(kind: TestKind, runId: JobId, origin: Origin): Promise<TestBaseline>;
}
