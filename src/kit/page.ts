import { DomainError } from "./domain-error.ts";

/** A cursor that this list did not hand out, or that belongs to another order. */
export class InvalidCursor extends DomainError {
  readonly code = "INVALID";
}

/** Which part of an ordered list is wanted. `cursor` is the store's own text, opaque to everybody else. */
export interface PageRequest {
  /** Rows wanted, 1..100. */
  readonly limit: number;
  readonly direction: "FORWARD" | "BACKWARD";
  /** Forward: rows after this one. Backward: rows before it. Absent: from the list's start, or its end. */
  readonly cursor?: string | undefined;
}

export interface PageEdge<T> {
  readonly node: T;
  readonly cursor: string;
}

/** Edges stand in list order, whichever direction was asked for. */
export interface Page<T> {
  readonly edges: readonly PageEdge<T>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}
