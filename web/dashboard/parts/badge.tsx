import classes from "./badge.module.css";

export type Tone = "good" | "fair" | "bad" | "busy" | "calm";

interface BadgeProps {
  readonly tone: Tone;
  /** As the API writes it. */
  readonly word: string;
  readonly title?: string | undefined;
}

/** A word of the API with a mark whose colour and form say how it stands: the colour alone says nothing. */
export function Badge({ tone, word, title }: BadgeProps) {
  return (
    <span className={classes.badge} title={title}>
      <span className={classes.mark} data-tone={tone} aria-hidden="true" />
      {word}
    </span>
  );
}
