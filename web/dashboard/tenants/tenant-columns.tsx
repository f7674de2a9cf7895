import type { ColumnDef } from "@tanstack/react-table";
import { Link } from "wouter";
import { OpenFindings } from "../findings/open-findings.tsx";
import type { TenantListedFragment, TenantOrder, TenantOrderField } from "../gql/graphql.ts";
import type { ColumnLooks, Ordering } from "../parts/column-looks.ts";
import { sayMs } from "../parts/say.ts";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import classes from "./tenants.module.css";

type Column = ColumnDef<TenantListedFragment>;

interface TenantColumnsOptions {
  /** Tag of the newest migration: who is behind it is marked. */
  readonly latest: string | undefined;
  /** Given where tenants can be chosen. */
  readonly chosen?: ReadonlySet<string>;
  onChoose?(chosen: ReadonlySet<string>): void;
}

export function tenantColumns({ latest, chosen, onChoose }: TenantColumnsOptions): Column[] {
  return [
    ...(chosen && onChoose ? [choiceColumn(chosen, onChoose)] : []),
    column("SLUG", "Slug", { width: 98, grows: true, names: true }, ({ slug, status }) =>
      // The slug of a DELETED one may be another tenant's by now.
      status === "DELETED" ? (
        <span className="mono">{slug}</span>
      ) : (
        <Link className="link mono" href={`/tenants/${slug}`}>
          {slug}
        </Link>
      ),
    ),
    column("NAME", "Name", { width: 90, grows: true, from: "medium" }, ({ name }) => <span title={name}>{name}</span>),
    column("status", "Status", { width: 136 }, ({ status, statusReason }) => (
      <StatusBadge status={status} title={statusReason ?? undefined} />
    )),
    column("health", "Health", { width: 172, from: "medium" }, ({ health }) => <Health health={health} />),
    column("findings", "Findings", { width: 84 }, (tenant) => <OpenFindings short tenant={tenant} />),
    column("version", "Version", { width: 146, from: "medium" }, ({ schemaVersion }) => (
      <Version version={schemaVersion ?? undefined} latest={latest} />
    )),
    column("domain", "Domain", { width: 90, grows: true, from: "wide" }, ({ primaryDomain }) => (
      <span title={primaryDomain?.hostname}>{primaryDomain?.hostname ?? "–"}</span>
    )),
    column("labels", "Labels", { width: 80, grows: true, from: "wide" }, ({ labels }) => {
      const text = labels.map(({ key, value }) => `${key}=${value}`).join(", ");
      return <span title={text}>{text === "" ? "–" : text}</span>;
    }),
    column("CREATED_AT", "Entered", { width: 98, from: "wide" }, ({ createdAt }) => <TimeAgo at={createdAt} />),
  ];
}

const orderable: readonly string[] = ["SLUG", "NAME", "CREATED_AT"] satisfies TenantOrderField[];

/** The head that is marked: without an order, the newest come first. */
export function orderingOf(order: TenantOrder | undefined): Ordering {
  return order
    ? { column: order.field, descending: order.direction === "DESC" }
    : { column: "CREATED_AT", descending: true };
}

/** The newest first is what the service does unasked. */
export function toTenantOrder({ column, descending }: Ordering): TenantOrder | undefined {
  const field = (["SLUG", "NAME", "CREATED_AT"] as const).find((each) => each === column);
  if (!field || (field === "CREATED_AT" && descending)) return undefined;
  return { field, direction: descending ? "DESC" : "ASC" };
}

function column(
  id: string,
  header: string,
  meta: ColumnLooks,
  cell: (tenant: TenantListedFragment) => React.ReactNode,
): Column {
  return { id, header, meta, enableSorting: orderable.includes(id), cell: ({ row }) => cell(row.original) };
}

function choiceColumn(chosen: ReadonlySet<string>, onChoose: (chosen: ReadonlySet<string>) => void): Column {
  return {
    id: "choice",
    header: () => <span className="unseen">Choose</span>,
    meta: { width: 38, from: "medium" },
    cell: ({ row }) => (
      // A plain one: it is there in every row.
      <input
        type="checkbox"
        className={classes.choice}
        aria-label={`Choose ${row.original.slug}`}
        checked={chosen.has(row.id)}
        onChange={() => onChoose(toggled(chosen, row.id))}
      />
    ),
  };
}

function Health({ health }: Pick<TenantListedFragment, "health">) {
  if (!health) return <span>–</span>;
  if (!health.reachable) return <StatusBadge status="FAIL" title={health.errorCode ?? undefined} />;
  return (
    <>
      {health.rating && <RatingBadge rating={health.rating} />}{" "}
      <span className={classes.latency}>{sayMs(health.latencyMs)}</span>
    </>
  );
}

function Version({ version, latest }: { readonly version: string | undefined; readonly latest: string | undefined }) {
  if (version === undefined) return <span>–</span>;
  const behind = latest !== undefined && version < latest;
  return (
    <span className="mono" title={behind ? `${version}, behind ${latest}` : version}>
      {behind && <span aria-hidden="true">↓ </span>}
      {version}
      {behind && <span className="unseen"> (behind)</span>}
    </span>
  );
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
