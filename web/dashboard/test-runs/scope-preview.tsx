import { Alert, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { LastPerformanceBudgetDocument, type TenantFilter, TestScopeDocument } from "../gql/graphql.ts";
import { sayCount, sayNumber } from "../parts/say.ts";
import { budgetPreview } from "./budget-preview.ts";
import classes from "./test-runs.module.css";
import { filterOf, type TestWish } from "./test-wish.ts";

const testTenants: TenantFilter = { labels: [{ key: "test", value: "true" }] };

/** What a run would touch, and how much it would do, before it is started. */
export function ScopePreview({ wish }: { readonly wish: TestWish }) {
  const [settled] = useDebouncedValue(wish, 200);
  const given = filterOf(settled);
  const matching = useMatching(given ?? {});
  const forTesting = useMatching(testTenants);
  const isLoad = wish.kind === "PERFORMANCE";
  const usesTestTenants = isLoad && !given && (forTesting ?? 0) > 0;
  const count = usesTestTenants ? forTesting : matching;
  if (count === undefined) return <div className={classes.preview} aria-busy="true" />;
  if (count === 0)
    return (
      <Alert color="yellow" className={classes.preview ?? ""} role="status">
        No ACTIVE tenant matches: the run would have nothing to test.
      </Alert>
    );
  return (
    <div className={classes.preview} role="status">
      {isLoad ? (
        <LoadPreview wish={settled} matching={count} named={given !== undefined || usesTestTenants} />
      ) : (
        <Text size="sm">
          It looks at <b>{sayCount(Math.min(count, settled.maxTenants ?? count), "tenant")}</b>
          {settled.maxTenants !== undefined && settled.maxTenants < count && ` of ${sayNumber(count)} that match`}.
        </Text>
      )}
    </div>
  );
}

function useMatching(filter: TenantFilter): number | undefined {
  const { state } = useFreshQuery(TestScopeDocument, { filter: { ...filter, statuses: ["ACTIVE"] } });
  return state.data?.tenants.totalCount;
}

interface LoadPreviewProps {
  readonly wish: TestWish;
  readonly matching: number;
  /** Whether somebody said which tenants, if only by a label. */
  readonly named: boolean;
}

function LoadPreview({ wish, matching, named }: LoadPreviewProps) {
  const { state } = useFreshQuery(LastPerformanceBudgetDocument, {});
  const known = state.data?.testRuns.nodes[0]?.budget.maxOperations;
  const plan = budgetPreview(wish, { matching, open: !named }, known);
  const figures = [
    ["Operations asked for", sayNumber(plan.requestedOperations)],
    ["Operations planned", sayNumber(plan.plannedOperations)],
    ["Per second", sayNumber(plan.operationsPerSecond)],
    ["Tenants", `${sayNumber(plan.tenants)} of ${sayNumber(matching)}`],
    ["Users at once, at most", sayNumber(plan.usersAtOnce)],
    ["Limited by", plan.limitedBy.join(", ") || "nothing"],
  ] as const;
  return (
    <>
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed">
        {known === undefined
          ? "By the usual limit of one run; the service's own may differ."
          : `One run does at most ${sayNumber(known)} operations.`}{" "}
        Connections may make it less: the run shows its plan before it begins.
      </Text>
    </>
  );
}
