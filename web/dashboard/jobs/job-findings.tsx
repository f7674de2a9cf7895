import { useMemo, useState } from "react";
import { type FindingRow, findingColumns, findingKey } from "../findings/finding-columns.tsx";
import { FindingDialog } from "../findings/finding-dialog.tsx";
import { JobFindingsDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListBox } from "../parts/list-box.tsx";
import { PageTable } from "../parts/page-table.tsx";
import { Panel } from "../parts/panel.tsx";
import { usePages } from "../parts/use-pages.ts";

const nothing = { nodes: [], pageInfo: { hasNextPage: false } };

interface JobFindingsProps {
  readonly jobId: string;
}

/** What a validation or a repair found, and what became of it. */
export function JobFindings({ jobId }: JobFindingsProps) {
  const [shown, setShown] = useState<FindingRow>();
  const pages = usePages({
    document: JobFindingsDocument,
    variables: { id: jobId },
    pick: (data) => data.job?.findings ?? nothing,
    idOf: findingKey,
  });
  const columns = useMemo(() => findingColumns(setShown), []);
  return (
    <Panel title="Findings" bare>
      <ListBox pages={pages}>
        <PageTable
          label="Findings of the job"
          pages={pages}
          columns={columns}
          idOf={findingKey}
          empty={<EmptyState of="findings" />}
        />
      </ListBox>
      <FindingDialog finding={shown} onClose={() => setShown(undefined)} />
    </Panel>
  );
}
