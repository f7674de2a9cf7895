import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { FilterChoicesQuery, TenantFilter } from "../gql/graphql.ts";
import { type BulkAction, bulkActions } from "./bulk-actions.ts";
import { BulkDialog } from "./bulk-dialog.tsx";

interface BulkMenuProps {
  readonly filter: TenantFilter;
  /** Ids; without any, the tenants that the filter means are acted on. */
  readonly chosen: ReadonlySet<string>;
  readonly choices: FilterChoicesQuery["fleet"] | undefined;
  onDone(): void;
}

/** What can be done to many tenants at once. Each begins with a look at whom it touches. */
export function BulkMenu({ filter, chosen, choices, onDone }: BulkMenuProps) {
  const [action, setAction] = useState<BulkAction>();
  const meant: TenantFilter = chosen.size > 0 ? { ids: [...chosen] } : filter;
  const whom = chosen.size > 0 ? "the chosen" : Object.keys(filter).length > 0 ? "the filtered" : "all";
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
            Act on {whom}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {bulkActions.map((each) => (
            <Menu.Item key={each.name} onClick={() => setAction(each)}>
              {each.label}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {action && (
        <BulkDialog
          key={action.name}
          action={action}
          meant={meant}
          choices={choices}
          onClose={() => setAction(undefined)}
          onDone={onDone}
        />
      )}
    </>
  );
}
