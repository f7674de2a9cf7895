import { Button, Text } from "@mantine/core";
import { IconStethoscope, IconTool } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { toast } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { FindingsDocument, ValidateFleetDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { PageFrame } from "../parts/page-frame.tsx";
import { PageTable } from "../parts/page-table.tsx";
import { sayCount } from "../parts/say.ts";
import { type UrlFilter, useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";
import { WordsFilter } from "../parts/words-filter.tsx";
import { JobDialog } from "../progress/job-dialog.tsx";
import { useMay } from "../session/use-session.ts";
import { type FindingRow, findingColumns, findingKey } from "./finding-columns.tsx";
import { FindingDialog } from "./finding-dialog.tsx";
import { findingKinds, severities } from "./finding-words.ts";
import { RepairDialog } from "./repair-dialog.tsx";
import { TenantPicker } from "./tenant-picker.tsx";

/** What differs between what must be and what was seen, and how it is mended. */
export function FindingsPage() {
  const filter = useUrlFilter();
  const [shown, setShown] = useState<FindingRow>();
  const kinds = filter.many("kind", findingKinds);
  const chosen = filter.many("severity", severities);
  const tenantId = filter.one("tenant");
  const pages = usePages({
    document: FindingsDocument,
    variables: {
      filter: {
        ...(kinds.length > 0 && { kinds }),
        ...(chosen.length > 0 && { severities: chosen }),
        ...(tenantId !== undefined && { tenantId }),
      },
    },
    pick: (data) => data.findings,
    idOf: findingKey,
    everyMs: 5_000,
  });
  const columns = useMemo(() => findingColumns(setShown), []);
  const { store } = pages;
  return (
    <PageFrame
      title="Findings"
      full
      aside={
        <Text size="sm" c="dimmed" role="status">
          {pages.total === undefined ? "\u00a0" : sayCount(pages.total, "open finding")}
        </Text>
      }
      actions={<FindingActions filter={filter} tenantId={tenantId} onDone={() => void store.reload()} />}
    >
      <PageTable
        label="Findings"
        pages={pages}
        columns={columns}
        idOf={findingKey}
        empty={<EmptyState of="openFindings" />}
      />
      <FindingDialog finding={shown} onClose={() => setShown(undefined)} />
    </PageFrame>
  );
}

interface FindingActionsProps {
  readonly filter: UrlFilter;
  readonly tenantId: string | undefined;
  onDone(): void;
}

function FindingActions({ filter, tenantId, onDone }: FindingActionsProps) {
  const may = useMay("OPERATOR");
  const [repairing, setRepairing] = useState(false);
  return (
    <>
      <TenantPicker tenantId={tenantId} onPick={(id) => filter.set("tenant", id)} />
      <WordsFilter filter={filter} name="severity" label="Any severity" words={severities} width={190} />
      <WordsFilter filter={filter} name="kind" label="Any kind" words={findingKinds} width={240} />
      {may && (
        <>
          <ValidateButton tenantId={tenantId} onDone={onDone} />
          <Button leftSection={<IconTool size={14} />} onClick={() => setRepairing(true)}>
            Repair…
          </Button>
          <RepairDialog
            opened={repairing}
            tenantId={tenantId}
            onClose={() => {
              setRepairing(false);
              onDone();
            }}
          />
        </>
      )}
    </>
  );
}

function ValidateButton({ tenantId, onDone }: Omit<FindingActionsProps, "filter">) {
  const { act, acting } = useAct(ValidateFleetDocument);
  const [jobId, setJobId] = useState<string>();
  const validate = async () => {
    const outcome = await act({ input: tenantId === undefined ? {} : { filter: { ids: [tenantId] } } });
    if ("refused" in outcome) for (const refusal of outcome.refused) toast(refusal);
    if ("done" in outcome) setJobId(outcome.done.job?.id);
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconStethoscope size={14} />}
        loading={acting}
        onClick={() => void validate()}
      >
        Validate
      </Button>
      <JobDialog jobId={jobId} title="Validation" onClose={() => setJobId(undefined)} onEnded={onDone} />
    </>
  );
}
