import { randomUUID } from "node:crypto";
import {
  type ExecutionArgs,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type ExecutionResult as Result,
} from "graphql";
import { CloseCode, type Context, type ExecutionResult, type SubscribePayload } from "graphql-ws";
import type { Actor } from "../../kit/actor.ts";
import { withDeadline } from "../../kit/deadline.ts";
import { DomainError } from "../../kit/domain-error.ts";
import { DocumentRefused, TrustedDocuments } from "../documents/trusted-documents.ts";
import type { ErrorPresenter } from "../error-presenter.ts";
import { OperationGate, rateLimitError } from "../limits/checked-operation.ts";
import { RateLimited } from "../limits/rate-limiter.ts";
import { defaultDeadlineMs, type Transport } from "../transport.ts";
import { PreparedOperations } from "./prepared-operation.ts";
import type { SharedDeliveries, Subscriber } from "./shared-deliveries.ts";
import type { SocketLine } from "./socket-line.ts";

const maxLiveOperations = 100;

/** What belongs to one socket. */
export interface Connection {
  readonly line: SocketLine;
  /** Where it comes from. */
  readonly address: string | undefined;
  /** By which it came in. */
  secret?: string;
}

export type SocketContext = Context<Record<string, unknown> | undefined, Connection>;

/** What belongs to one operation on a socket. */
interface Operation {
  readonly requestId: string;
  readonly done: AbortController;
  /** Whether a client was told of an error. */
  failed: boolean;
  /** Tells the meter that it has ended. */
  tell?: ((failed: boolean) => void) | undefined;
}

/** The operations of all sockets: the same rules, limits and errors as over HTTP. */
export class SocketOperations<ContextValue extends object> {
  /** By the message that began it, which every hook is handed. */
  readonly #operations = new WeakMap<SubscribePayload, Operation>();
  readonly #documents: TrustedDocuments;
  readonly #prepared: PreparedOperations;
  readonly #gate: OperationGate;

  constructor(
    private readonly transport: Transport<ContextValue>,
    private readonly presenter: ErrorPresenter,
    private readonly deliveries: SharedDeliveries,
  ) {
    this.#documents = transport.documents ?? TrustedDocuments.none();
    this.#prepared = new PreparedOperations(transport.schema, transport.validationRules);
    this.#gate = new OperationGate(transport);
  }

  /** Whether an operation may run, and with what. @returns why not, if not */
  async begin({ extra, subscriptions }: SocketContext, id: string, payload: SubscribePayload) {
    const operation: Operation = { requestId: randomUUID(), done: new AbortController(), failed: false };
    this.#operations.set(payload, operation);
    const { meter } = this.transport;
    const startedAtMs = performance.now();
    operation.tell = (failed) => meter?.answered({ ms: performance.now() - startedAtMs, failed });
    const prepared = await this.#prepare(extra, Object.keys(subscriptions).length, payload);
    if (!("args" in prepared)) {
      operation.tell(true);
      operation.tell = undefined;
      return prepared;
    }
    if (prepared.live) operation.tell = meter?.subscribed();
    const origin = { actor: prepared.actor, requestId: operation.requestId };
    const contextValue = this.transport.contextFor({ origin, live: prepared.live, client: operation.done });
    const args = { ...prepared.args, contextValue };
    if (prepared.live) {
      const key = deliveryKey(prepared.actor, prepared.request);
      this.deliveries.expect(args, { key, id, send: subscriptionOn(extra.line) });
    }
    return args;
  }

  async #prepare({ line, secret }: Connection, live: number, payload: SubscribePayload) {
    const { transport } = this;
    // Asked again for each operation: a key that has just been revoked starts nothing.
    const actor = secret === undefined ? undefined : await transport.authenticate(secret);
    if (!actor) {
      line.close(CloseCode.Forbidden, "Forbidden");
      return [coded("UNAUTHENTICATED", "The key is no longer valid.")];
    }
    if (live > maxLiveOperations)
      return [coded("TOO_MANY_OPERATIONS", `A socket carries at most ${maxLiveOperations} operations at a time.`)];
    try {
      transport.rates?.takeForKey(actor.id, 1);
    } catch (error) {
      if (error instanceof RateLimited) return [rateLimitError(error)];
      throw error;
    }
    const request = this.#withText(payload);
    if (request instanceof DocumentRefused) return [new GraphQLError(request.message, { originalError: request })];
    const prepared = this.#prepared.prepare(request);
    if (!("args" in prepared)) return prepared;
    const { document, variableValues } = prepared.args;
    const refusal = this.#gate.admit(document, prepared.operation, variableValues, actor);
    return refusal ? [refusal] : { ...prepared, actor, request };
  }

  /** The request with its document as text. The protocol wants a text beside a hash, too: it may be empty. */
  #withText(payload: SubscribePayload): SubscribePayload | DocumentRefused {
    try {
      return { ...payload, query: this.#documents.textOf(payload) ?? payload.query };
    } catch (error) {
      if (error instanceof DocumentRefused) return error;
      throw error;
    }
  }

  /** Runs a query or mutation; for one that takes too long the result is an error that says so. */
  async execute(args: ExecutionArgs): Promise<Result> {
    try {
      const deadlineMs = this.transport.deadlineMs ?? defaultDeadlineMs;
      return await withDeadline("The operation", deadlineMs, undefined, async () => execute(args));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { errors: [new GraphQLError(error.message, { originalError: error })] };
    }
  }

  complete(payload: SubscribePayload): void {
    const operation = this.#operations.get(payload);
    operation?.tell?.(operation.failed);
    operation?.done.abort();
  }

  presentResult(payload: SubscribePayload, result: ExecutionResult): FormattedExecutionResult | undefined {
    if (!result.errors) return undefined;
    const errors = this.presentErrors(payload, result.errors);
    return result.data === undefined ? { errors } : { data: result.data, errors };
  }

  presentErrors(payload: SubscribePayload, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) => this.#present(payload, error));
  }

  #present(payload: SubscribePayload, error: GraphQLError): GraphQLFormattedError {
    const operation = this.#operations.get(payload);
    if (operation) operation.failed = true;
    return this.presenter.present(error, operation?.requestId);
  }
}

/** What a subscription sends to. Its first text is an answer, so that who subscribes and leaves again and again is bounded, too. */
function subscriptionOn(line: SocketLine): Subscriber["send"] {
  let answered = false;
  return (bytes) => {
    if (answered) return line.push(bytes);
    answered = true;
    return line.answer(bytes);
  };
}

/** Who asks for what; all who have it in common get the same answers. */
function deliveryKey({ id, role }: Actor, { query, operationName, variables }: SubscribePayload): string {
  return JSON.stringify([id, role, query, operationName ?? null, variables ?? {}]);
}

function coded(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
