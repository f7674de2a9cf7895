import type { Teardown } from "../kit/teardown.ts";
import { ApiMeter } from "../metrics/api-meter.ts";
import { FleetCounter } from "../metrics/fleet-counter.ts";
import { MetricsService } from "../metrics/metrics-service.ts";
import { ProcessMeter } from "../metrics/process-meter.ts";
import { PrometheusText } from "../metrics/prometheus-text.ts";
import { ServerSampler } from "../metrics/server-sampler.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** What is measured, and the pages that show it. */
export type Metrics = ReturnType<typeof startMetrics>;

/** Begins to measure. */
export function startMetrics(
  { stores, reach }: { readonly stores: Stores; readonly reach: Reach },
  { clock, logger }: Tools,
  started: Teardown,
) {
  const prometheus = new PrometheusText();
  const api = new ApiMeter(clock, (answer) => prometheus.observe(answer));
  const process = new ProcessMeter();
  const fleet = new FleetCounter(stores.fleetCounts, () => reach.migrator.folderChecksum(), clock);
  const servers = new ServerSampler({ servers: stores.servers, loads: reach.loads, pools: reach.sessions, clock });
  const service = new MetricsService({ process, api, fleet, servers, clock, logger });
  started.defer(() => service.stop());
  service.start();
  return {
    api,
    service,
    page: () => prometheus.page({ snapshot: () => service.snapshot(), api, process }),
  };
}
