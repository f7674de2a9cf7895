import { useAct } from "../api/use-act.ts";
import {
  MigrateTenantsDocument,
  RepairTenantsDocument,
  SeedTenantsDocument,
  type TenantFilter,
  TestConnectionsDocument,
  ValidateTenantsDocument,
} from "../gql/graphql.ts";
import { useRefused } from "../parts/use-refused.ts";
import type { BulkActionName } from "./bulk-actions.ts";

export interface RepairOptions {
  readonly dryRun: boolean;
  readonly confirmDataLoss: boolean;
}

/** What was begun: a job, or a test run, which has a page of its own. */
export type Begun = { readonly jobId: string } | { readonly runId: string };

/** Sends one of the actions on many tenants. @returns what was begun; undefined when it was refused or not answered */
export function useBulkAct() {
  const { refused, show } = useRefused();
  const migrate = useAct(MigrateTenantsDocument);
  const validate = useAct(ValidateTenantsDocument);
  const repair = useAct(RepairTenantsDocument);
  const seed = useAct(SeedTenantsDocument);
  const test = useAct(TestConnectionsDocument);
  const act = async (name: BulkActionName, scope: TenantFilter, options: RepairOptions): Promise<Begun | undefined> => {
    // Without a filter a validation looks at orphans and settings, too.
    const filter = Object.keys(scope).length > 0 ? scope : null;
    switch (name) {
      case "MIGRATE":
        return jobOf(show(await migrate.act({ input: { filter } })));
      case "VALIDATE":
        return jobOf(show(await validate.act({ input: { filter } })));
      case "REPAIR":
        return jobOf(show(await repair.act({ input: { filter, ...options } })));
      case "SEED":
        return jobOf(show(await seed.act({ input: { filter } })));
      case "TEST_CONNECTIONS": {
        const run = show(await test.act({ input: { filter } }))?.testRun;
        return run ? { runId: run.id } : undefined;
      }
    }
  };
  const acting = [migrate, validate, repair, seed, test].some((each) => each.acting);
  return { act, acting, refused };
}

function jobOf(done: { readonly job?: { readonly id: string } | null } | undefined): Begun | undefined {
  return done?.job ? { jobId: done.job.id } : undefined;
}
