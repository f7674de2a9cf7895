import { UnstyledButton } from "@mantine/core";
import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import type { ColumnDef } from "@tanstack/react-table";
import type { IsolationCheckKind, TestKind, TestResultPartsFragment, Verdict } from "../gql/graphql.ts";
import type { ColumnLooks } from "../parts/column-looks.ts";
import { sayMs, sayNumber } from "../parts/say.ts";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { TenantLink } from "../parts/tenant-link.tsx";
import { checkWords } from "./run-words.ts";
import classes from "./test-runs.module.css";

/** What a check saw, to be read in full. */
export interface Evidence {
  readonly title: string;
  readonly explanation: string;
  readonly text: string;
}

type Result = TestResultPartsFragment;
type Show = (evidence: Evidence) => void;

/** @param show is called with what somebody wants to read in full */
export function resultColumns(kind: TestKind, show: Show): ColumnDef<Result>[] {
  const middle = { CONNECTION: connectionColumns, ISOLATION: isolationColumns, PERFORMANCE: performanceColumns }[kind];
  return [
    column("tenant", "Tenant", ({ tenant }) => <TenantLink tenant={tenant} />, { width: 124, names: true }),
    column("verdict", "Verdict", ({ verdict }) => <StatusBadge status={verdict} />, { width: 142 }),
    ...middle(show),
    column("why", "Why", (result) => <Why result={result} show={show} />, {
      width: 60,
      grows: true,
      from: kind === "CONNECTION" ? "medium" : "wide",
    }),
  ];
}

function column(
  id: string,
  header: string,
  cell: (result: Result) => React.ReactNode,
  meta: ColumnLooks,
): ColumnDef<Result> {
  return { id, header, cell: ({ row }) => cell(row.original), meta };
}

const figure = { align: "right", width: 70 } as const;

function connectionColumns(): ColumnDef<Result>[] {
  const of = (result: Result) => ("connectMs" in result ? result : undefined);
  return [
    column("rating", "Rating", (result) => <Rating result={result} />, { width: 116 }),
    column("connect", "Connect", (result) => sayMs(of(result)?.connectMs), figure),
    column("query", "Query", (result) => sayMs(of(result)?.queryMs), figure),
    column("attempts", "Tries", (result) => of(result)?.attempts, { ...figure, from: "wide" }),
    column("version", "Server", (result) => of(result)?.serverVersion ?? "–", { width: 150, from: "wide" }),
  ];
}

function performanceColumns(show: Show): ColumnDef<Result>[] {
  const of = (result: Result) => ("latency" in result ? result : undefined);
  return [
    column("rating", "Rating", (result) => <Rating result={result} />, { width: 116 }),
    column("operations", "Operations", (result) => sayNumber(of(result)?.operations), { ...figure, width: 88 }),
    column("errors", "Errors", (result) => sayNumber(of(result)?.errors), figure),
    column("rate", "Per second", (result) => sayNumber(of(result)?.operationsPerSecond, 1), {
      ...figure,
      width: 86,
      from: "wide",
    }),
    column("p50", "p50", (result) => sayMs(of(result)?.latency.p50), figure),
    column("p95", "p95", (result) => sayMs(of(result)?.latency.p95), figure),
    column("p99", "p99", (result) => sayMs(of(result)?.latency.p99), figure),
    column("max", "Slowest", (result) => sayMs(of(result)?.latency.max), { ...figure, from: "wide" }),
    column("deep", "Deep tests", (result) => <DeepTests result={result} show={show} />, { width: 90, from: "wide" }),
  ];
}

function isolationColumns(show: Show): ColumnDef<Result>[] {
  const kinds = Object.keys(checkWords) as IsolationCheckKind[];
  return kinds.map((kind) =>
    column(kind, checkWords[kind][0], (result) => <Check result={result} kind={kind} show={show} />, { width: 68 }),
  );
}

function Rating({ result }: { readonly result: Result }) {
  return "rating" in result && result.rating ? <RatingBadge rating={result.rating} /> : "–";
}

const marks = { PASS: IconCheck, FAIL: IconX, INCONCLUSIVE: IconMinus } as const satisfies Record<Verdict, unknown>;

interface CheckProps {
  readonly result: Result;
  readonly kind: IsolationCheckKind;
  readonly show: Show;
}

function Check({ result, kind, show }: CheckProps) {
  const check = "checks" in result ? result.checks.find((each) => each.kind === kind) : undefined;
  if (!check) return "–";
  const { verdict, evidence } = check;
  const title = `${result.tenant.slug}: ${kind} ${verdict}`;
  const Mark = marks[verdict];
  return (
    <button
      type="button"
      className={classes.check}
      data-verdict={verdict}
      aria-label={`${title}, evidence`}
      title={evidence.slice(0, 300)}
      onClick={() => show({ title, explanation: checkWords[kind][1], text: evidence })}
    >
      <Mark size={14} aria-hidden="true" />
    </button>
  );
}

interface ShownResult {
  readonly result: Result;
  readonly show: Show;
}

function DeepTests({ result, show }: ShownResult) {
  if (!("deepTests" in result) || result.deepTests.length === 0) return "–";
  const passed = result.deepTests.filter((each) => each.passed).length;
  const text = result.deepTests.map((each) => `${each.kind} ${each.passed ? "passed" : "FAILED"}: ${each.evidence}`);
  return (
    <UnstyledButton
      className="link"
      fz="sm"
      onClick={() =>
        show({
          title: `${result.tenant.slug}: deep tests`,
          explanation: "What is tried beside speed.",
          text: text.join("\n\n"),
        })
      }
    >
      {passed} of {result.deepTests.length} passed
    </UnstyledButton>
  );
}

function Why({ result, show }: ShownResult) {
  const text = [result.errorCode, result.message].filter(Boolean).join(": ");
  if (text === "") return "–";
  return (
    <UnstyledButton
      fz="sm"
      title={text}
      onClick={() => show({ title: `${result.tenant.slug}: ${result.verdict}`, explanation: "", text })}
    >
      {text}
    </UnstyledButton>
  );
}
