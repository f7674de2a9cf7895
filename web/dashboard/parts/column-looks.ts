import type { ColumnDef } from "@tanstack/react-table";

/** What a column may say about its looks: `meta` of its definition. */
export interface ColumnLooks {
  /** CSS width, e.g. `120px`; left out: what is left over. */
  readonly width?: string;
  readonly align?: "right";
  /** Left out where the page is narrower than 1000 px. */
  readonly spare?: boolean;
}

export interface Ordering {
  readonly column: string;
  readonly descending: boolean;
}

/** What a column says about its looks; nothing where it says nothing. */
export function looksOf<Shown>({ meta }: ColumnDef<Shown>): ColumnLooks {
  return (meta ?? {}) as ColumnLooks;
}
