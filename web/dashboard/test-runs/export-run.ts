import type { Client } from "@urql/core";
import { toast } from "../api/toast.ts";
import { type TestResultPartsFragment, TestResultsDocument } from "../gql/graphql.ts";
import { resultsCsv } from "./results-csv.ts";
import type { TestRunShown } from "./test-run-shown.ts";

/** Reads every result page by page, and hands the run over as a file. */
export async function exportRun(client: Client, run: TestRunShown, format: "json" | "csv"): Promise<void> {
  const results = await allResults(client, run.id);
  // Why not was said by the client already.
  if (!results) return;
  const text = format === "json" ? `${JSON.stringify({ ...run, results }, null, 2)}\n` : resultsCsv(results);
  save(`${run.kind.toLowerCase()}-test-${run.id}.${format}`, text, format === "json" ? "application/json" : "text/csv");
}

async function allResults(client: Client, id: string): Promise<TestResultPartsFragment[] | undefined> {
  const results: TestResultPartsFragment[] = [];
  for (let after: string | undefined; ; ) {
    const asked = { id, first: 100, counted: false, ...(after !== undefined && { after }) };
    const { data } = await client.query(TestResultsDocument, asked, { requestPolicy: "network-only" }).toPromise();
    const page = data?.testRun?.results;
    if (!page) return undefined;
    results.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return results;
    after = page.pageInfo.endCursor ?? undefined;
    if (after === undefined) {
      toast({ code: "INTERNAL_SERVER_ERROR", message: "The service says that there are more results, but not where." });
      return undefined;
    }
  }
}

function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
