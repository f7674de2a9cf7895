import { Text } from "@mantine/core";
import { useEffect } from "react";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { type FilterChoicesQuery, type TenantFilter, TouchedTenantsDocument } from "../gql/graphql.ts";
import tables from "../parts/plain-table.module.css";
import { sayCount, sayTotal } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import classes from "./tenants.module.css";

interface TouchedTenantsProps {
  /** Undefined: nobody. */
  readonly scope: TenantFilter | undefined;
  /** Given: says, too, how many are behind the newest version. */
  readonly choices?: FilterChoicesQuery["fleet"] | undefined;
  onCounted(count: number): void;
}

/** How many tenants an action touches, and the first of them. */
export function TouchedTenants({ scope, choices, onCounted }: TouchedTenantsProps) {
  const older = olderVersions(choices, scope);
  const behind = scope && older.length > 0 ? { ...scope, schemaVersions: older } : null;
  const { state } = useFreshQuery(
    TouchedTenantsDocument,
    { filter: scope ?? null, behind, counted: behind !== null },
    { pause: scope === undefined },
  );
  const count = scope === undefined ? 0 : state.data?.tenants.totalCount;
  useEffect(() => {
    if (count !== undefined) onCounted(count);
  }, [count, onCounted]);
  const nodes = scope === undefined ? [] : (state.data?.tenants.nodes ?? []);
  const hidden = (count ?? 0) - nodes.length;
  return (
    <div className={classes.touched}>
      <Text size="sm" fw={600} role="status">
        {count === undefined ? "Looking whom this touches…" : `Touches ${sayCount(count, "tenant")}.`}
        {state.data?.behind && ` ${sayTotal(state.data.behind.totalCount)} of them behind the newest version.`}
      </Text>
      <table className={tables.table} aria-label="The first of them">
        <tbody>
          {nodes.map(({ id, slug, name, status, schemaVersion }) => (
            <tr key={id}>
              <td className="mono">{slug}</td>
              <td>{name}</td>
              <td>
                <StatusBadge status={status} />
              </td>
              <td className="mono">{schemaVersion ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          and {sayCount(hidden, "other")}
        </Text>
      )}
    </div>
  );
}

/** Versions in use that are older than the newest one, as far as the filter means them. */
function olderVersions(choices: TouchedTenantsProps["choices"], scope: TenantFilter | undefined): string[] {
  const versions = choices?.schemaVersions.flatMap(({ version }) => version ?? []) ?? [];
  const meant = scope?.schemaVersions;
  const latest = choices?.latestSchemaVersion ?? "";
  return versions.filter((version) => version < latest && (!meant || meant.includes(version)));
}
