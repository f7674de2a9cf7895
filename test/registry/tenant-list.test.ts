import { tenantListContract } from "../support/contracts/tenant-list.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

tenantListContract("drizzle", openDrizzleWorld);
tenantListContract("fake", openFakeWorld);
