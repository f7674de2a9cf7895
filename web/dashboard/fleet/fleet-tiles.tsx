import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { FleetQuery } from "../gql/graphql.ts";
import { sayNumber } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import classes from "./fleet.module.css";
import type { Snapshot } from "./use-metrics.ts";

interface FleetTilesProps {
  readonly fleet: FleetQuery["fleet"] | undefined;
  readonly newest: Snapshot | undefined;
}

const statuses = ["ACTIVE", "PROVISIONING", "SUSPENDED", "FAILED", "DELETING"] as const;

/** Tenants by status, what runs and what is found wrong; each leads to the list of what it counts. */
export function FleetTiles({ fleet, newest }: FleetTilesProps) {
  const tenants = newest?.tenants ?? fleet?.tenants ?? [];
  return (
    <section className={classes.tiles} aria-label="The fleet in figures">
      {statuses.map((status) => (
        <Tile
          key={status}
          href={`/tenants?status=${status}`}
          value={tenants.find((each) => each.status === status)?.count}
        >
          <StatusBadge status={status} />
        </Tile>
      ))}
      <Tile href="/jobs" value={newest?.jobs.running ?? fleet?.runningJobs}>
        Running jobs
      </Tile>
      <Tile href="/findings" value={fleet?.openFindings}>
        Open findings
      </Tile>
    </section>
  );
}

interface TileProps {
  readonly href: string;
  readonly value: number | undefined;
  readonly children: ReactNode;
}

function Tile({ href, value, children }: TileProps) {
  return (
    <Link href={href} className={classes.tile ?? ""}>
      <span className={classes.figure}>{sayNumber(value)}</span>
      <Text component="span" size="xs" fw={600}>
        {children}
      </Text>
    </Link>
  );
}
