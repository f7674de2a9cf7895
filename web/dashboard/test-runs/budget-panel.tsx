import { Text } from "@mantine/core";
import { Panel } from "../parts/panel.tsx";
import { sayNumber } from "../parts/say.ts";
import type { Heard, TestRunEvent } from "../progress/use-progress.ts";
import type { TestRunShown } from "./run-page.tsx";
import classes from "./test-runs.module.css";

interface BudgetPanelProps {
  readonly run: TestRunShown;
  readonly heard: Heard<TestRunEvent>;
}

/** What was asked for, what the limits allow, what was planned, and why. */
export function BudgetPanel({ run: { budget } }: BudgetPanelProps) {
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
    </Panel>
  );
}
