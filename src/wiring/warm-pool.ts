import type { JobHandler } from "../jobs/job-handler.ts";
import { Loop } from "../kit/loop.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import type { ServerStreams } from "../provisioning/server-streams.ts";
import type { TenantProvisioner } from "../provisioning/tenant-provisioner.ts";
import { FillWarmPoolJob } from "../provisioning/warm-pool/fill-warm-pool-job.ts";
import { WarmInspector } from "../provisioning/warm-pool/warm-inspector.ts";
import { WarmKeeper } from "../provisioning/warm-pool/warm-keeper.ts";
import { WarmMaker } from "../provisioning/warm-pool/warm-maker.ts";
import { WarmPoolWatch } from "../provisioning/warm-pool/warm-pool-watch.ts";
import { newCredentials } from "../tenants/credentials.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** Between two turns, in milliseconds; a claim cuts it short. */
const turnMs = 5_000;
/** Before each turn: while many are claimed at once, nothing is made that they would have to wait for. */
const quietMs = 500;

/** What makes databases before they are wished for. */
export interface WarmPoolWork {
  readonly handler: JobHandler;
  readonly loop: Loop;
}

/** @param making what tenants are made with, and the streams that they go before in */
export function createWarmPool(
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  { provisioner, streams }: { readonly provisioner: TenantProvisioner; readonly streams: ServerStreams },
  { clock, ids, logger, failpoints }: Tools,
): WarmPoolWork {
  const { warmPool: store, servers } = stores;
  const { migrator, surveys, inspector: schemas, tenantServers } = reach;
  const common = { store, migrator, secretBox, logger };
  const making = { provisioner, servers: tenantServers, streams, ids, newCredentials, failpoints };
  const maker = new WarmMaker({ ...common, ...making });
  const inspector = new WarmInspector({ ...common, surveys, inspector: schemas });
  const keeper = new WarmKeeper({ store, servers, maker, inspector, migrator, streams });
  const watch = new WarmPoolWatch({ servers, keeper, clock, logger });
  return {
    handler: new FillWarmPoolJob({ store, servers, keeper, migrator }),
    loop: new Loop(
      "warm pool",
      async (signal) => {
        await clock.sleep(quietMs, signal);
        await watch.runOnce(signal);
      },
      () => turnMs,
      clock,
      logger,
    ),
  };
}
