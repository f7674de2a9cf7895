import type { Bench } from "../bench.ts";
import { Fleet } from "./fleet.ts";

/** A service of its own with so many provisioning streams, whose migrations are folded already. Stopped with the figure, its tenants dropped. */
export async function streamingFleet(bench: Bench, streams: number): Promise<Fleet> {
  const registryUrl = bench.freshRegistryUrl();
  const service = await bench.start({ registryUrl, env: { TENANTRY_PROVISION_STREAMS: String(streams) } });
  const fleet = new Fleet(service, bench.database, new URL(registryUrl).pathname.slice(1));
  bench.defer(async () => {
    await service.stop();
    await fleet.drop();
  });
  await fleet.grow(2);
  return fleet;
}
