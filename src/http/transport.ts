import type { GraphQLSchema, ValidationRule } from "graphql";
import type { Actor } from "../kit/actor.ts";
import type { TrustedDocuments } from "./documents/trusted-documents.ts";
import type { RateLimits } from "./limits/rate-limiter.ts";

/** One GraphQL operation, as far as its transport knows it. */
export interface OperationRequest {
  readonly origin: { readonly actor: Actor; readonly requestId: string };
  /** Whether it is a subscription. */
  readonly live: boolean;
  readonly client: {
    /** Aborts when nobody waits for the answer any more. */
    readonly signal: AbortSignal;
  };
}

/** Is told of all that is asked, over either transport. */
export interface OperationMeter {
  /** A query or mutation was answered, or a request refused; `failed`: with an error. */
  answered(operation: { readonly ms: number; readonly failed: boolean }): void;
  /** A subscription began. @returns what is called at its end */
  subscribed(): (failed: boolean) => void;
}

/** What both transports, HTTP and WebSocket, are built from. */
export interface Transport<Context extends object> {
  readonly schema: GraphQLSchema;
  /** Rules beside GraphQL's own, for every operation over either transport. */
  readonly validationRules: readonly ValidationRule[];
  /** Makes what resolvers are handed. */
  contextFor(request: OperationRequest): Context;
  /** Who a secret belongs to; undefined: nobody. */
  authenticate(secret: string): Promise<Actor | undefined>;
  readonly meter?: OperationMeter | undefined;
  /** Absent: no limit. */
  readonly rates?: RateLimits | undefined;
  /** Whether errors say what a misspelt name may have meant. Absent: no. */
  readonly suggestions?: boolean | undefined;
  /** How long a query or mutation may take. Absent: 30,000 ms. */
  readonly deadlineMs?: number | undefined;
  /** Whether queries that are asked for often over HTTP are compiled. Absent: no. */
  readonly compiles?: boolean | undefined;
  /** Documents that clients ask for by hash, or are held to. Absent: none. */
  readonly documents?: TrustedDocuments | undefined;
  /** Origins beside the service's own whose pages may use it. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** Default of {@link Transport.deadlineMs}. */
export const defaultDeadlineMs = 30_000;
