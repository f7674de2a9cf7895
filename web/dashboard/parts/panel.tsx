import { Group, Title } from "@mantine/core";
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
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
  const body = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(body);
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <Group className={classes.head ?? ""} justify="space-between" wrap="nowrap">
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      <div ref={body} className={classes.body} data-bare={bare} {...(scrolls && { tabIndex: 0 })}>
        {children}
      </div>
    </section>
  );
}

/** Whether there is more than is seen: then the keyboard must reach it, too. */
function useScrolls(box: RefObject<HTMLElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setScrolls(element.scrollWidth > element.clientWidth);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [box]);
  return scrolls;
}
