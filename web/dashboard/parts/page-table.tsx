import { Skeleton, Text } from "@mantine/core";
import { type ColumnDef, flexRender, type Row, type Table } from "@tanstack/react-table";
import { memo, type ReactNode, useLayoutEffect, useRef } from "react";
import { leastWidths, looksOf, type Ordering } from "./column-looks.ts";
import classes from "./page-table.module.css";
import { TableHead } from "./table-head.tsx";
import type { Pages } from "./use-pages.ts";
import { rowHeight, useRowWindow } from "./use-row-window.ts";

export interface PageTableProps<Shown> {
  /** Names the table for who does not see it. */
  readonly label: string;
  readonly pages: Pages<Shown>;
  /** `meta` holds `ColumnLooks`; `enableSorting: true` makes a head a button, where `onOrder` is given. */
  readonly columns: ColumnDef<Shown>[];
  idOf(row: Shown): string;
  /** Stands where there are no rows. */
  readonly empty: ReactNode;
  readonly ordering?: Ordering | undefined;
  onOrder?(ordering: Ordering): void;
  readonly selected?: ReadonlySet<string>;
}

/** Rows that stand for those that are not loaded, where nobody knows how many there are. */
const unknownRows = 20;

/** A table that holds only the rows in sight, and asks for more as it is scrolled. Fills the height that it is given. */
export function PageTable<Shown>(props: PageTableProps<Shown>) {
  const { label, pages, columns, empty, selected } = props;
  const box = useRef<HTMLDivElement>(null);
  const count = countOf(pages);
  const { table, items, rowAt, above, below } = useRowWindow(props, box, count);
  useSteadySight(box.current, pages);
  const isEmpty = count === 0 && pages.loading === "IDLE";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={box} className={classes.box} aria-label={label} tabIndex={0} data-outdated={pages.outdated}>
      <table
        className={classes.table}
        style={leastWidths(columns)}
        aria-rowcount={pages.total ?? -1}
        aria-busy={pages.loading !== "IDLE"}
      >
        <Columns table={table} />
        <TableHead table={table} ordering={props.ordering} onOrder={props.onOrder} />
        <tbody>
          <Gap height={above} />
          {items.map(({ index }) => {
            const row = rowAt(index);
            return row ? (
              <BodyRow
                key={row.id}
                row={row}
                index={index}
                columns={columns}
                selected={selected?.has(row.id) ?? false}
              />
            ) : (
              <LoadingRow key={`loading-${index}`} columns={table.getVisibleLeafColumns().length} />
            );
          })}
          <Gap height={below} />
        </tbody>
      </table>
      {isEmpty && !pages.failed && empty}
      {pages.failed && (
        <Text role="alert" size="sm" p="md">
          The rest of the list could not be loaded. It is asked for again when the service answers.
        </Text>
      )}
    </section>
  );
}

function countOf<Shown>({ rows, total, hasMore, loading }: Pages<Shown>): number {
  if (loading === "FIRST" && rows.length === 0) return unknownRows;
  if (!hasMore) return rows.length;
  return total === undefined ? rows.length + unknownRows : Math.max(total, rows.length + 1);
}

/** Keeps the rows in sight where they are when others come in front of them. */
function useSteadySight<Shown>(box: HTMLElement | null, { rows, addedInFront }: Pages<Shown>): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per change of the rows
  useLayoutEffect(() => {
    if (box && addedInFront > 0 && box.scrollTop > 0) box.scrollTop += addedInFront * rowHeight;
  }, [rows]);
}

function Columns<Shown>({ table }: { readonly table: Table<Shown> }) {
  return (
    <colgroup>
      {table.getVisibleLeafColumns().map((column) => {
        const { width, grows, from } = looksOf(column.columnDef);
        return <col key={column.id} data-from={from} style={grows ? undefined : { width }} />;
      })}
    </colgroup>
  );
}

interface BodyRowProps<Shown> {
  readonly row: Row<Shown>;
  readonly index: number;
  readonly selected: boolean;
  /** What is shown of it: another row is drawn when they change. */
  readonly columns: readonly ColumnDef<Shown>[];
}

function DrawnRow<Shown>({ row, index, selected }: BodyRowProps<Shown>) {
  return (
    <tr className={classes.row} aria-rowindex={index + 2} data-selected={selected} style={{ height: rowHeight }}>
      {row.getVisibleCells().map((cell) => {
        const { align, from, names } = looksOf(cell.column.columnDef);
        return (
          <td key={cell.id} data-align={align} data-from={from} data-names={names}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </td>
        );
      })}
    </tr>
  );
}

/** Drawn again only when what it shows is another thing: a scroll draws the rows that come into sight. */
const BodyRow = memo(
  DrawnRow,
  (before, after) =>
    before.row.original === after.row.original &&
    before.index === after.index &&
    before.selected === after.selected &&
    before.columns === after.columns,
) as typeof DrawnRow;

function LoadingRow({ columns }: { readonly columns: number }) {
  return (
    <tr className={classes.row} style={{ height: rowHeight }}>
      <td colSpan={columns}>
        <Skeleton height={10} width="60%" animate={false} />
      </td>
    </tr>
  );
}

function Gap({ height }: { readonly height: number }) {
  return height > 0 ? (
    <tr>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
}
