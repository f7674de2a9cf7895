import type { AuditNote } from "./audit.ts";

/** How long the window of somebody takes who goes on and on: first, then, and from then on. */
const lengthsMs = [60_000, 600_000, 3_600_000] as const;
/** Attempts at the same subject, refused for the same reason, that are written down in a window. */
const maxOfKind = 20;
/** Attempts of all kinds that are; the first of each kind is written down beyond it. */
const maxOfAll = 50;
/** Kinds that are told apart in a window. */
const maxKinds = 50;

/** Attempts at the same subject, refused for the same reason. */
interface Kind {
  written: number;
  /** Those that were only counted. */
  counted: number;
  /** The latest of those. */
  latest: AuditNote;
}

/** A row for the audit log; who cannot write it gives it back. */
export interface DueRow {
  readonly row: AuditNote;
  giveBack(): void;
}

/** Refused attempts of an actor at an action, for a time. */
export class AttemptWindow {
  readonly #kinds = new Map<string, Kind>();
  /** Of the kinds that are not told apart. */
  #others: Kind | undefined;
  #written = 0;
  #wasFull = false;

  /** @param step how many windows before it in a row were full */
  constructor(
    private readonly beganAtMs: number,
    private readonly step = 0,
  ) {}

  isOver(nowMs: number): boolean {
    return nowMs - this.beganAtMs >= (lengthsMs[this.step] ?? lengthsMs[2]);
  }

  /** @returns undefined where the attempt is only counted */
  take(attempt: AuditNote): DueRow | undefined {
    const kind = this.#kindOf(attempt);
    const hasRoom = kind && kind.written < maxOfKind && (kind.written === 0 || this.#written < maxOfAll);
    if (!hasRoom) {
      this.#count(attempt, kind);
      return undefined;
    }
    kind.written += 1;
    this.#written += 1;
    const remark = kind.written === maxOfKind ? "Further ones are only counted for a while." : undefined;
    const note = [attempt.note, remark].filter((text) => text).join(" ") || undefined;
    const giveBack = () => {
      kind.written -= 1;
      this.#written -= 1;
    };
    return { row: { ...attempt, note }, giveBack };
  }

  /** What was only counted so far, and is no longer so: a row for each kind. */
  *counted(): Generator<DueRow> {
    for (const kind of this.#kinds.values()) yield* this.#summary(kind);
    if (this.#others) yield* this.#summary(this.#others, "They were at further subjects.");
  }

  /** The window after this one; undefined: this one was not full, so that the next begins with the next attempt. */
  next(nowMs: number): AttemptWindow | undefined {
    if (!this.#wasFull) return undefined;
    const next = new AttemptWindow(nowMs, this.step + 1);
    // What came while this one's rows were written.
    for (const [key, kind] of this.#kinds) if (kind.counted > 0) next.#kinds.set(key, { ...kind, written: 0 });
    if (this.#others && this.#others.counted > 0) next.#others = this.#others;
    next.#wasFull = next.#kinds.size > 0 || next.#others !== undefined;
    return next;
  }

  /** @returns undefined where it is not told apart any more */
  #kindOf(attempt: AuditNote): Kind | undefined {
    const key = JSON.stringify([attempt.result, attempt.subject]);
    const known = this.#kinds.get(key);
    if (known || this.#kinds.size >= maxKinds) return known;
    const kind = { written: 0, counted: 0, latest: attempt };
    this.#kinds.set(key, kind);
    return kind;
  }

  #count(attempt: AuditNote, known: Kind | undefined): void {
    this.#wasFull = true;
    const { origin, action, subject, result } = attempt;
    const latest = { origin, action, subject: known && subject, result };
    const kind = known ?? this.#others ?? { written: 0, counted: 0, latest };
    if (!known) this.#others = kind;
    kind.counted += 1;
    kind.latest = latest;
  }

  *#summary(kind: Kind, remark = ""): Generator<DueRow> {
    const { counted, latest } = kind;
    if (counted === 0) return;
    kind.counted = 0;
    const giveBack = () => {
      kind.counted += counted;
    };
    const note = `${counted} more were refused that have no entry, this one last. ${remark}`.trim();
    yield { row: { ...latest, note }, giveBack };
  }
}
