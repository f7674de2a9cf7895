import { useFreshQuery } from "../api/use-fresh-query.ts";
import { FleetDocument } from "../gql/graphql.ts";
import { PageFrame } from "../parts/page-frame.tsx";
import classes from "./fleet.module.css";
import { FleetCharts } from "./fleet-charts.tsx";
import { FleetTiles } from "./fleet-tiles.tsx";
import { RunningJobs } from "./running-jobs.tsx";
import { SchemaVersions } from "./schema-versions.tsx";
import { Servers } from "./servers.tsx";
import { useMetrics } from "./use-metrics.ts";

const everyMs = 5_000;

/** The whole fleet at a glance. */
export function FleetPage() {
  const { state } = useFreshQuery(FleetDocument, {}, { everyMs });
  const { snapshots, newest } = useMetrics();
  const fleet = state.data?.fleet;
  return (
    <PageFrame title="Fleet">
      <FleetTiles fleet={fleet} newest={newest} />
      <FleetCharts snapshots={snapshots} />
      <Servers servers={fleet?.servers} newest={newest} />
      <div className={classes.pair}>
        <RunningJobs running={newest?.jobs.running ?? fleet?.runningJobs ?? 0} />
        <SchemaVersions versions={fleet?.schemaVersions} latest={fleet?.latestSchemaVersion ?? undefined} />
      </div>
    </PageFrame>
  );
}
