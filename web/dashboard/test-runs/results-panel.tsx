import { Modal, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { type TestResultPartsFragment, TestResultsDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { PageTable } from "../parts/page-table.tsx";
import { Panel } from "../parts/panel.tsx";
import { useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";
import { WordsFilter } from "../parts/words-filter.tsx";
import { type Evidence, resultColumns } from "./result-columns.tsx";
import { verdicts } from "./run-words.ts";
import type { TestRunShown } from "./test-run-shown.ts";
import classes from "./test-runs.module.css";

const nothing = { nodes: [], pageInfo: { hasNextPage: false } };

/** What a run says of each tenant; for isolation it is the matrix of tenants and checks. */
export function ResultsPanel({ run }: { readonly run: TestRunShown }) {
  const filter = useUrlFilter();
  const chosen = filter.many("verdict", verdicts);
  const [evidence, setEvidence] = useState<Evidence>();
  const pages = usePages({
    document: TestResultsDocument,
    variables: { id: run.id, ...(chosen.length > 0 && { verdicts: chosen }) },
    pick: (data) => data.testRun?.results ?? nothing,
    idOf,
  });
  const columns = useMemo(() => resultColumns(run.kind, setEvidence), [run.kind]);
  const title = run.kind === "ISOLATION" ? "Isolation matrix" : "Results";
  return (
    <Panel
      title={title}
      bare
      actions={<WordsFilter filter={filter} name="verdict" label="Any verdict" words={verdicts} width={260} />}
    >
      <div className={classes.results}>
        <PageTable label={title} pages={pages} columns={columns} idOf={idOf} empty={<EmptyState of="results" />} />
      </div>
      <Modal opened={evidence !== undefined} onClose={() => setEvidence(undefined)} title={evidence?.title} size="xl">
        <Text size="sm" mb="xs">
          {evidence?.explanation}
        </Text>
        <pre className={classes.evidence}>{evidence?.text}</pre>
      </Modal>
    </Panel>
  );
}

function idOf({ tenant }: TestResultPartsFragment): string {
  return tenant.id;
}
