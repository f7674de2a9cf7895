import { Group, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./page-frame.module.css";

interface PageFrameProps {
  readonly title: string;
  /** Beside the title, e.g. a badge. */
  readonly aside?: ReactNode;
  /** At the right of the title: what can be done here. */
  readonly actions?: ReactNode;
  /** The page is as high as the window, and what is in it scrolls by itself: for a page that is one table. */
  readonly full?: boolean;
  readonly children: ReactNode;
}

/** A page: its title, what can be done, and what it shows. */
export function PageFrame({ title, aside, actions, full = false, children }: PageFrameProps) {
  useEffect(() => {
    document.title = `${title} · tenantry`;
  }, [title]);
  return (
    <div className={classes.page} data-full={full}>
      <Group justify="space-between" gap="sm" mih={30}>
        <Group gap="md">
          <Title order={1}>{title}</Title>
          {aside}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
