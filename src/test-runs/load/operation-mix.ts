/** One operation of a load, with all that it needs; the same seed and number give the same one. */
export interface Operation {
  readonly kind: OperationKind;
  /** 1..{@link scratchRows}: the row that it is about, or the first of a range. */
  readonly row: number;
  /** What it inserts; empty where it inserts nothing. */
  readonly payload: string;
}

export const operationKinds = ["POINT_READ", "RANGE_READ", "INSERT", "UPDATE", "TRANSACTION"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Rows that a scratch table holds before the load begins. */
export const scratchRows = 1_000;

/** Rows that a range read asks for. */
export const rangeRows = 20;

/** Of a hundred operations: three reads to two writes, as a web application has them in a busy hour. */
const weights: Readonly<Record<OperationKind, number>> = {
  POINT_READ: 40,
  RANGE_READ: 20,
  INSERT: 15,
  UPDATE: 15,
  TRANSACTION: 10,
};

/** The n-th operation of a load, from 0. */
export function operationAt(seed: number, n: number): Operation {
  const random = mulberry32(seed ^ Math.imul(n + 1, 0x9e3779b1));
  const kind = kindAt(random() * 100);
  const row = 1 + Math.floor(random() * (scratchRows - rangeRows));
  return { kind, row, payload: kind === "INSERT" || kind === "TRANSACTION" ? payloadOf(random) : "" };
}

function kindAt(percent: number): OperationKind {
  let below = 0;
  for (const kind of operationKinds) {
    below += weights[kind];
    if (percent < below) return kind;
  }
  return "POINT_READ";
}

/** A hundred characters that do not compress to nothing: a piece of a long text, because making a text for each costs more than sending it. */
function payloadOf(random: () => number): string {
  const from = Math.floor(random() * (noise.length - payloadLength));
  return noise.slice(from, from + payloadLength);
}

/** A small generator of good spread whose whole state is its seed. @returns 0..1, without 1 */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const payloadLength = 100;
const noise = noiseOf(mulberry32(1), 8_192);

function noiseOf(random: () => number, length: number): string {
  let text = "";
  while (text.length < length) text += Math.floor(random() * 2 ** 32).toString(36);
  return text.slice(0, length);
}
