import type { ReactNode } from "react";
import classes from "./list-box.module.css";
import type { PageSnapshot } from "./page-store.ts";

interface ListBoxProps {
  readonly pages: PageSnapshot<unknown>;
  readonly children: ReactNode;
}

/** The place of a table inside a panel: as high as its rows where they are few, else a part of the window. */
export function ListBox({ pages, children }: ListBoxProps) {
  const few = pages.loading === "IDLE" && !pages.hasMore && pages.rows.length <= 12;
  return (
    <div className={classes.box} data-few={few}>
      {children}
    </div>
  );
}
