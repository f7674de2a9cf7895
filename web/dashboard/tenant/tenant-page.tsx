import { Loader, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { OpenFindings } from "../findings/open-findings.tsx";
import { TenantShownDocument, type TenantShownFragment } from "../gql/graphql.ts";
import { PageFrame } from "../parts/page-frame.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { JobDialog } from "../progress/job-dialog.tsx";
import { tenantStatuses } from "../tenants/tenant-query.ts";
import { useTenantChanges } from "../tenants/use-tenant-changes.ts";
import type { BegunJob } from "./begun-job.ts";
import { ConnectionPanel } from "./connection-panel.tsx";
import { DomainsPanel } from "./domains-panel.tsx";
import { FindingsPanel } from "./findings-panel.tsx";
import { HealthPanel } from "./health-panel.tsx";
import { JobsPanel } from "./jobs-panel.tsx";
import classes from "./tenant.module.css";
import { TenantActions } from "./tenant-actions.tsx";
import { TenantFacts } from "./tenant-facts.tsx";

/** One tenant, by the slug in the address. */
export function TenantPage() {
  const { slug = "" } = useParams<{ slug: string }>();
  const { state, reload } = useFreshQuery(TenantShownDocument, { slug });
  const tenant = state.data?.tenantBySlug;
  if (tenant) return <Shown key={tenant.id} tenant={tenant} onChanged={reload} />;
  return (
    <PageFrame title={slug}>
      {state.fetching || state.error ? (
        <Loader size="sm" aria-label="The tenant is loaded" />
      ) : (
        <Stack gap="xs">
          <Text size="sm">There is no tenant with this slug, or not any more.</Text>
          <Link className="link" href="/tenants">
            To the tenants
          </Link>
        </Stack>
      )}
    </PageFrame>
  );
}

interface ShownProps {
  readonly tenant: TenantShownFragment;
  onChanged(): void;
}

function Shown({ tenant, onChanged }: ShownProps) {
  const [job, setJob] = useState<BegunJob>();
  // Counts what has happened to the tenant: whatever shows its past looks again.
  const [happened, setHappened] = useState(0);
  const look = () => {
    onChanged();
    setHappened((count) => count + 1);
  };
  useTenantChanges({ ids: [tenant.id], statuses: [...tenantStatuses] }, look, look);
  return (
    <PageFrame
      title={tenant.slug}
      aside={
        <>
          <StatusBadge status={tenant.status} />
          <OpenFindings tenant={tenant} none={null} />
          <Text size="sm" c="dimmed">
            {tenant.name}
          </Text>
        </>
      }
      actions={<TenantActions tenant={tenant} onBegun={setJob} />}
    >
      <div className={classes.columns}>
        <div className={classes.column}>
          <TenantFacts tenant={tenant} />
          <DomainsPanel tenant={tenant} />
          <ConnectionPanel tenant={tenant} />
        </div>
        <div className={classes.column}>
          <HealthPanel tenant={tenant} happened={happened} />
          <FindingsPanel tenant={tenant} />
          <JobsPanel tenantId={tenant.id} happened={happened} />
        </div>
      </div>
      <JobDialog jobId={job?.id} title={job?.title ?? ""} onClose={() => setJob(undefined)} onEnded={look} />
    </PageFrame>
  );
}
