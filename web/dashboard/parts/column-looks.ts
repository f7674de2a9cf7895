import type { ColumnDef } from "@tanstack/react-table";

/** What a column may say about its looks: `meta` of its definition. */
export interface ColumnLooks {
  /** In pixels; of one that grows, the least. */
  readonly width: number;
  /** Takes its share of what is left over. */
  readonly grows?: true;
  readonly align?: "right";
  /** Shown where its table is at least so wide: 560 px, or 1,040 px; left out: always. */
  readonly from?: "medium" | "wide";
  /** Says whom a row is about: stays in sight where its table scrolls sideways. */
  readonly names?: true;
}

export interface Ordering {
  readonly column: string;
  readonly descending: boolean;
}

/** What a column says about its looks. */
export function looksOf<Shown>({ meta }: ColumnDef<Shown>): ColumnLooks {
  return (meta ?? { width: 120, grows: true }) as ColumnLooks;
}

/** The least width of a table, in pixels, by what it has room for: below it scrolls sideways rather than hide what a column says. */
export function leastWidths<Shown>(columns: readonly ColumnDef<Shown>[]): Readonly<Record<string, string>> {
  const sum = (shown: readonly (ColumnLooks["from"] | undefined)[]) => {
    const looks = columns.map(looksOf).filter(({ from }) => shown.includes(from));
    return `${looks.reduce((all, { width }) => all + width, 0)}px`;
  };
  return {
    "--narrow": sum([undefined]),
    "--medium": sum([undefined, "medium"]),
    "--wide": sum([undefined, "medium", "wide"]),
  };
}
