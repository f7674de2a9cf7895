import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useId } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  readonly title: string;
  readonly actions?: ReactNode;
  /** Without the padding: for tables. */
  readonly bare?: boolean;
  readonly children: ReactNode;
}

/** A part of a page with a title of its own. */
export function Panel({ title, actions, bare = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <Group className={classes.head ?? ""} justify="space-between" wrap="nowrap">
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      <div className={classes.body} data-bare={bare}>
        {children}
      </div>
    </section>
  );
}
