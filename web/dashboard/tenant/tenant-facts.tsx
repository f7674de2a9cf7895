import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { TenantShownFragment } from "../gql/graphql.ts";
import { Panel } from "../parts/panel.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useMay } from "../session/use-session.ts";
import { EditDialog } from "./edit-dialog.tsx";
import classes from "./tenant.module.css";

/** What the registry says of a tenant. */
export function TenantFacts({ tenant }: { readonly tenant: TenantShownFragment }) {
  const [editing, setEditing] = useState(false);
  const may = useMay("OPERATOR");
  return (
    <Panel
      title="Tenant"
      actions={
        may && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconPencil size={14} aria-hidden="true" />}
            onClick={() => setEditing(true)}
          >
            Edit
          </Button>
        )
      }
    >
      <dl className={classes.facts}>
        {tenant.statusReason && <Fact name="Reason">{tenant.statusReason}</Fact>}
        <Fact name="Name">{tenant.name}</Fact>
        <Fact name="Labels">
          <Labels labels={tenant.labels} />
        </Fact>
        <Fact name="Schema version">
          <span className="mono">{tenant.schemaVersion ?? "–"}</span>
        </Fact>
        <Fact name="Database">
          <span className="mono">{tenant.databaseName}</span> on {tenant.server.name}
        </Fact>
        <Fact name="Id">
          <span className="mono">{tenant.id}</span>
        </Fact>
        <Fact name="Entered">
          <TimeAgo at={tenant.createdAt} />
        </Fact>
        <Fact name="Changed">
          <TimeAgo at={tenant.updatedAt} />, generation {tenant.generation}
        </Fact>
        <Fact name="Validated">
          <TimeAgo at={tenant.validatedAt} />
        </Fact>
      </dl>
      {editing && <EditDialog tenant={tenant} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Labels({ labels }: Pick<TenantShownFragment, "labels">) {
  if (labels.length === 0) return "No labels.";
  return (
    <span className={classes.labels}>
      {labels.map(({ key, value }) => (
        <span key={key} className={classes.label}>
          {key}={value}
        </span>
      ))}
    </span>
  );
}
