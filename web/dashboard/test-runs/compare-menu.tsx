import { Button, Menu } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { TestRunsDocument } from "../gql/graphql.ts";
import { kindWords } from "./run-words.ts";
import type { TestRunShown } from "./test-run-shown.ts";

/** Leads to this run beside an earlier one of its kind. */
export function CompareMenu({ run }: { readonly run: TestRunShown }) {
  const [opened, setOpened] = useState(false);
  const { state } = useFreshQuery(
    TestRunsDocument,
    { filter: { kinds: [run.kind], statuses: ["SUCCEEDED"] }, first: 15, counted: false },
    { pause: !opened },
  );
  const others = state.data?.testRuns.nodes.filter(({ id }) => id !== run.id);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconScale size={14} />}>
          Compare
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {others?.length === 0 ? `There is no other ${kindWords[run.kind][0].toLowerCase()}.` : "With"}
        </Menu.Label>
        {others?.map(({ id, createdAt, verdict, rating }) => (
          <Menu.Item key={id} component={Link} href={`/test-runs/${run.id}/compare/${id}`}>
            {new Date(createdAt).toLocaleString()} · {[verdict, rating].filter(Boolean).join(" · ")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
