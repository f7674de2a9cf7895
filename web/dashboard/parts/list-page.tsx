import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./list-page.module.css";
import { PageFrame } from "./page-frame.tsx";
import { PageTable, type PageTableProps } from "./page-table.tsx";
import { sayCount } from "./say.ts";

interface ListPageProps<Shown> extends Omit<PageTableProps<Shown>, "label"> {
  readonly title: string;
  /** What one row is called, and many of them where that is not one with an s: the count is said by it. */
  readonly noun: readonly [one: string, many?: string];
  /** Said behind the count. */
  readonly chosen?: string;
  /** What narrows the list; stands in the address. */
  readonly filters?: ReactNode;
  /** What can be done here. */
  readonly actions?: ReactNode;
  /** Dialogs. */
  readonly children?: ReactNode;
}

/** A page that is one long list: its title and how many there are, what can be done, what narrows it, and the table. */
export function ListPage<Shown>(props: ListPageProps<Shown>) {
  const { title, noun, chosen = "", filters, actions, children, ...table } = props;
  const { total } = table.pages;
  const count = (
    <Text size="sm" c="dimmed" className="figures" role="status">
      {total === undefined ? "\u00a0" : sayCount(total, ...noun)}
      {chosen}
    </Text>
  );
  return (
    <PageFrame title={title} full aside={count} actions={actions}>
      {filters && (
        <search className={classes.filters} aria-label={`Filter ${title.toLowerCase()}`}>
          {filters}
        </search>
      )}
      <PageTable label={title} {...table} />
      {children}
    </PageFrame>
  );
}
