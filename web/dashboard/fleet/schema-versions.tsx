import { Link } from "wouter";
import type { FleetQuery } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import { sayNumber } from "../parts/say.ts";
import classes from "./fleet.module.css";

interface SchemaVersionsProps {
  readonly versions: FleetQuery["fleet"]["schemaVersions"] | undefined;
  /** Tag of the newest migration. */
  readonly latest: string | undefined;
}

/** Which versions of the tenants' schema are in use, the newest first. */
export function SchemaVersions({ versions, latest }: SchemaVersionsProps) {
  const sum = versions?.reduce((all, { tenants }) => all + tenants, 0) ?? 0;
  const ordered = [...(versions ?? [])].sort((a, b) => (b.version ?? "").localeCompare(a.version ?? ""));
  return (
    <Panel title="Schema versions">
      {versions?.length === 0 && <EmptyState of="schemaVersions" />}
      <dl className={classes.versions}>
        {ordered.map(({ version, tenants }) => (
          <Version
            key={version ?? ""}
            version={version ?? undefined}
            tenants={tenants}
            share={tenants / sum}
            latest={latest}
          />
        ))}
      </dl>
    </Panel>
  );
}

interface VersionProps {
  readonly version: string | undefined;
  readonly tenants: number;
  readonly share: number;
  readonly latest: string | undefined;
}

function Version({ version, tenants, share, latest }: VersionProps) {
  return (
    <>
      <dt>
        {version === undefined ? (
          "no migration yet"
        ) : (
          <Link className="link" href={`/tenants?version=${encodeURIComponent(version)}`}>
            <span className="mono">{version}</span>
          </Link>
        )}
        {version !== undefined && version === latest && " · newest"}
      </dt>
      <dd className={classes.share} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </dd>
      <dd className="figures">{sayNumber(tenants)}</dd>
    </>
  );
}
