import type { Origin } from "../kit/actor.ts";
import { createLoaders, type Loaders } from "./loaders.ts";
import type { Services } from "./services.ts";

/** What every resolver is handed: who asks, and what may be called for them. */
export interface GraphqlContext {
  readonly origin: Origin;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** One operation, as its transport knows it. */
export interface OperationRequest {
  readonly origin: Origin;
  /** Whether it is a subscription: what it reads may change while it runs. */
  readonly live: boolean;
  readonly client: { readonly signal: AbortSignal };
}

/** The context of one operation. */
export function createContext(services: Services, request: OperationRequest): GraphqlContext {
  return new OperationContext(services, request);
}

/** What not every operation needs is made when it is asked for. Apollo copies contexts: nothing in it is private by `#`. */
class OperationContext implements GraphqlContext {
  readonly origin: Origin;
  private madeLoaders: Loaders | undefined = undefined;

  constructor(
    readonly services: Services,
    private readonly request: OperationRequest,
  ) {
    this.origin = request.origin;
  }

  get loaders(): Loaders {
    this.madeLoaders ??= createLoaders(this.services, !this.request.live);
    return this.madeLoaders;
  }

  get signal(): AbortSignal {
    return this.request.client.signal;
  }
}
