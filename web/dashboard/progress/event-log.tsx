import { Text } from "@mantine/core";
import { memo, useEffect, useRef } from "react";
import classes from "./event-log.module.css";
import type { Heard, JobEvent, TestRunEvent } from "./use-progress.ts";

/** What was heard, the newest at the bottom and in sight as long as nobody scrolls up. */
export function EventLog({ heard }: { readonly heard: Heard<JobEvent | TestRunEvent> }) {
  const box = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something was heard
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [heard.count]);
  const before = useRef(0);
  const keepPlace = () => {
    const list = box.current;
    if (!list) return;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    // News may have made the list longer since it was scrolled to its end: only who scrolls up wants to stay there.
    follows.current = atEnd || (follows.current && list.scrollTop >= before.current);
    before.current = list.scrollTop;
  };
  const hidden = heard.count - heard.events.length;
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <ol ref={box} className={classes.log} onScroll={keepPlace} tabIndex={0} aria-label="Events">
        {hidden > 0 && <li>… {hidden} earlier ones</li>}
        {heard.events.map((event) => (
          <Line key={event.sequence} event={event} />
        ))}
      </ol>
      <Text size="xs" c="dimmed" role="status">
        {heard.ended ? "That was the last event." : "Following; nothing is lost when the connection is."}
      </Text>
    </div>
  );
}

/** Drawn once: a long log costs nothing when a line is added. */
const Line = memo(({ event: { sequence, at, message } }: { readonly event: JobEvent | TestRunEvent }) => (
  <li>
    <span className={classes.sequence}>{sequence}</span>
    <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time>
    <span>{message}</span>
  </li>
));
