import type { Rating } from "../gql/graphql.ts";
import { Badge, type Tone } from "./badge.tsx";

/** Every word of the API that says how something stands, but for ratings. */
const tones = {
  ACTIVE: "good",
  PROVISIONING: "busy",
  SUSPENDED: "calm",
  FAILED: "bad",
  DELETING: "busy",
  DELETED: "calm",
  QUEUED: "calm",
  RUNNING: "busy",
  CANCELLING: "busy",
  CANCELLED: "calm",
  SUCCEEDED: "good",
  SKIPPED: "calm",
  ONLINE: "good",
  CORDONED: "fair",
  FILLING: "busy",
  UNREACHABLE: "bad",
  PASS: "good",
  FAIL: "bad",
  INCONCLUSIVE: "fair",
  CRITICAL: "bad",
  WARNING: "fair",
  INFO: "calm",
  NEEDS_CONFIRMATION: "fair",
  PLANNED: "calm",
  REPAIRED: "good",
  REPORTED: "calm",
  BETTER: "good",
  SAME: "calm",
  WORSE: "bad",
} as const satisfies Readonly<Record<string, Tone>>;

type Word = keyof typeof tones;

interface StatusBadgeProps {
  readonly status: Word;
  /** How many stand so, where that is said, too. */
  readonly count?: number;
  /** The count and the mark alone: something around it says the rest. */
  readonly short?: boolean;
  readonly title?: string | undefined;
}

/** How a tenant, a job, a server, a verdict or a finding stands. */
export function StatusBadge({ status, count, short = false, title }: StatusBadgeProps) {
  const word = count === undefined ? status : short ? `${count}` : `${count} ${status}`;
  return <Badge tone={tones[status]} word={word} title={title} />;
}

const ratingTones: Readonly<Record<Rating, Tone>> = {
  EXCELLENT: "good",
  GOOD: "good",
  FAIR: "fair",
  SLOW: "fair",
  CRITICAL: "bad",
};

/** The judgement of a latency. */
export function RatingBadge({ rating, title }: { readonly rating: Rating; readonly title?: string | undefined }) {
  return <Badge tone={ratingTones[rating]} word={rating} title={title} />;
}
