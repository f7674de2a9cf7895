import { Button } from "@mantine/core";
import { IconStethoscope, IconTool } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { toast } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { FindingsDocument, ValidateFleetDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { useUrlFilter } from "../parts/url-filter.ts";
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
  const may = useMay("OPERATOR");
  return (
    <ListPage
      title="Findings"
      noun={["open finding"]}
      pages={pages}
      columns={columns}
      idOf={findingKey}
      empty={<EmptyState of="openFindings" />}
      actions={may && <FindingActions tenantId={tenantId} onDone={() => void store.reload()} />}
      filters={
        <>
          <TenantPicker tenantId={tenantId} onPick={(id) => filter.set("tenant", id)} />
          <WordsFilter filter={filter} name="severity" label="Any severity" words={severities} width={190} />
          <WordsFilter filter={filter} name="kind" label="Any kind" words={findingKinds} width={240} />
        </>
      }
    >
      <FindingDialog finding={shown} onClose={() => setShown(undefined)} />
    </ListPage>
  );
}

interface FindingActionsProps {
  readonly tenantId: string | undefined;
  onDone(): void;
}

function FindingActions({ tenantId, onDone }: FindingActionsProps) {
  const [repairing, setRepairing] = useState(false);
  return (
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
  );
}

function ValidateButton({ tenantId, onDone }: FindingActionsProps) {
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
