import { Text } from "@mantine/core";
import { Panel } from "../parts/panel.tsx";
import { sayNumber } from "../parts/say.ts";
import type { Heard, TestRunEvent } from "../progress/use-progress.ts";
import type { TestRunShown } from "./test-run-shown.ts";
import classes from "./test-runs.module.css";

interface BudgetPanelProps {
  readonly run: TestRunShown;
  readonly heard: Heard<TestRunEvent>;
}

/** What was asked for, what the limits allow, what was planned, and why. */
export function BudgetPanel({ run: { budget }, heard }: BudgetPanelProps) {
  const figures = [
    ["Asked for", sayNumber(budget.requestedOperations)],
    ["Planned", sayNumber(budget.plannedOperations)],
    ["Limit of a run", sayNumber(budget.maxOperations)],
    ["Users at once", sayNumber(budget.maxConcurrency)],
    ["Limited by", budget.limitedBy.join(", ") || "nothing"],
  ] as const;
  return (
    <Panel title="Budget">
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {budget.explanation.map((sentence) => (
        <Text key={sentence} size="xs" c="dimmed" mt={6}>
          {sentence}
        </Text>
      ))}
      <Governor heard={heard} />
    </Panel>
  );
}

/** What the governor did: how narrow it has made the load, and why, the newest first. */
function Governor({ heard }: Pick<BudgetPanelProps, "heard">) {
  const actions = actionsIn(heard.events);
  const now = heard.ended ? undefined : heard.last?.concurrency;
  return (
    <div className={classes.governor}>
      <Text size="xs" fw={600} role="status">
        Governor:{" "}
        {typeof now === "number" ? `${sayNumber(now)} at once` : actions.length > 0 ? "it acted" : "it did nothing"}
      </Text>
      <ol>
        {actions
          .slice(-20)
          .toReversed()
          .map(({ sequence, at, text }) => (
            <li key={sequence}>
              <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> {text}
            </li>
          ))}
      </ol>
    </div>
  );
}

interface Action {
  readonly sequence: number;
  readonly at: string;
  readonly text: string;
}

function actionsIn(events: readonly TestRunEvent[]): readonly Action[] {
  const actions: Action[] = [];
  let before: number | undefined;
  for (const { sequence, at, concurrency, slowedBecause } of events) {
    if (typeof concurrency !== "number") continue;
    if (before !== undefined && concurrency < before)
      actions.push({
        sequence,
        at,
        text: `Slower: ${sayNumber(concurrency)} at once, because ${slowedBecause ?? "of strain"}.`,
      });
    if (before !== undefined && concurrency > before)
      actions.push({ sequence, at, text: `Quicker again: ${sayNumber(concurrency)} at once.` });
    before = concurrency;
  }
  return actions;
}
