import { type ColumnDef, getCoreRowModel, type Row, type Table, useReactTable } from "@tanstack/react-table";
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useMemo } from "react";
import type { Pages } from "./use-pages.ts";

/** Of each row, in pixels. */
export const rowHeight = 36;
const stride = 16;

interface RowsGiven<Shown> {
  readonly pages: Pages<Shown>;
  readonly columns: ColumnDef<Shown>[];
  idOf(row: Shown): string;
}

interface RowWindow<Shown> {
  readonly table: Table<Shown>;
  /** The places in sight, and a few around them. */
  readonly items: readonly VirtualItem[];
  /** Undefined: it is not loaded yet. */
  rowAt(index: number): Row<Shown> | undefined;
  /** Pixels of the rows before and after. */
  readonly above: number;
  readonly below: number;
}

/**
 * The rows in sight, and more of them loaded as they come into sight. The table model holds only these: the cost of a table is
 * that of its rows on the screen, however many there are.
 */
export function useRowWindow<Shown>(
  { pages, columns, idOf }: RowsGiven<Shown>,
  box: RefObject<HTMLElement | null>,
  count: number,
): RowWindow<Shown> {
  const { store, rows } = pages;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Rows may come a frame late; a render that cannot be put off costs frames of its own.
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  useEffect(() => {
    void store.loadTo(Math.max(1, last + 1));
  }, [last, store]);
  // In strides, so that most steps of a scroll need no new model.
  const from = first - (first % stride);
  const to = last + stride - (last % stride);
  const data = useMemo(() => rows.slice(from, to), [rows, from, to]);
  const table = useReactTable({
    data,
    columns,
    getRowId: idOf,
    getCoreRowModel: getCoreRowModel(),
    autoResetAll: false,
    manualSorting: true,
    manualPagination: true,
    manualFiltering: true,
  });
  const shown = table.getRowModel().rows;
  return {
    table,
    items,
    rowAt: (index) => shown[index - from],
    above: items[0]?.start ?? 0,
    below: Math.max(0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)),
  };
}
