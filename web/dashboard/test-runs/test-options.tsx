import { NumberInput, SimpleGrid, Switch } from "@mantine/core";
import type { TestKind } from "../gql/graphql.ts";
import type { TestWish } from "./test-wish.ts";

type NumberName =
  | "maxTenants"
  | "timeoutMs"
  | "retries"
  | "concurrency"
  | "maxUsers"
  | "operationsPerUser"
  | "durationSeconds";

interface NumberOption {
  readonly label: string;
  /** What applies when it is left out. */
  readonly usual: string;
  readonly least: number;
  readonly most: number;
  readonly unit?: string;
}

const numbers: Readonly<Record<NumberName, NumberOption>> = {
  maxTenants: { label: "At most tenants", usual: "all", least: 1, most: 100_000 },
  timeoutMs: { label: "Time for one tenant", usual: "5000", least: 100, most: 60_000, unit: " ms" },
  retries: { label: "Tries after the first", usual: "2", least: 0, most: 10 },
  concurrency: { label: "Tenants at once", usual: "16", least: 1, most: 64 },
  maxUsers: { label: "Users", usual: "10", least: 1, most: 10_000 },
  operationsPerUser: { label: "Operations each", usual: "25", least: 1, most: 100_000 },
  durationSeconds: { label: "Over so long", usual: "10", least: 1, most: 300, unit: " s" },
};

const namesOf: Readonly<Record<TestKind, readonly NumberName[]>> = {
  CONNECTION: ["maxTenants", "timeoutMs", "retries", "concurrency"],
  ISOLATION: ["maxTenants"],
  PERFORMANCE: ["maxUsers", "operationsPerUser", "durationSeconds", "maxTenants"],
};

/** Every option that a refusal can be about. */
export const testOptionNames: readonly string[] = [...Object.keys(numbers), "detailed", "skipDeepTests"];

interface TestOptionsProps {
  readonly wish: TestWish;
  change(part: Partial<TestWish>): void;
  readonly errors: Readonly<Record<string, string>>;
}

/** The options of the wished kind. Ranges are the service's own; it checks them again. */
export function TestOptions({ wish, change, errors }: TestOptionsProps) {
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {namesOf[wish.kind].map((name) => {
          const { label, usual, least, most, unit } = numbers[name];
          return (
            <NumberInput
              key={name}
              label={label}
              placeholder={name === "maxTenants" && wish.kind === "PERFORMANCE" ? "a few" : usual}
              min={least}
              max={most}
              clampBehavior="none"
              allowDecimal={false}
              suffix={unit ?? ""}
              value={wish[name] ?? ""}
              error={errors[name]}
              onChange={(value) => change({ [name]: typeof value === "number" ? value : undefined })}
            />
          );
        })}
      </SimpleGrid>
      {wish.kind === "ISOLATION" && (
        <Switch
          label="List every attempt as evidence, also where all were denied"
          checked={wish.detailed}
          onChange={(event) => change({ detailed: event.currentTarget.checked })}
        />
      )}
      {wish.kind === "PERFORMANCE" && (
        <Switch
          label="Leave out persistence, concurrent writers and roll-back"
          checked={wish.skipDeepTests}
          onChange={(event) => change({ skipDeepTests: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
