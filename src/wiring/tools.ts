import type { Clock } from "../kit/clock.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import type { Ids } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";

/** What nearly everything is handed. */
export interface Tools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
}
