import type { Bench } from "../bench.ts";
import type { BenchService } from "./bench-service.ts";
import type { Child } from "./child.ts";

/** Sockets that one key may have. */
const socketsPerKey = 1_000;
const query = "subscription { tenantChanged { id generation updatedAt name slug status } }";

/** What a crowd has heard. */
export interface Heard {
  readonly deliveries: number;
  /** Subscriptions that ended though nobody ended them. */
  readonly lost: number;
  readonly p99Ms: number;
  /** How long each one that reads nothing was let. */
  readonly cutAfterMs: readonly number[];
  /** Of each tenant the generation that everybody knows at least. */
  readonly newest: Readonly<Record<string, number>>;
}

/** Subscribers of `tenantChanged` in a process of their own, each with a socket. */
export class IdleCrowd {
  private constructor(private readonly child: Child) {}

  /** @param most how many there will be at most */
  static async of(bench: Bench, service: BenchService, most: number): Promise<IdleCrowd> {
    const keys: string[] = [];
    while (keys.length * socketsPerKey < most) keys.push(await makeKey(service, keys.length));
    const url = `${service.url.replace(/^http/, "ws")}/graphql`;
    return new IdleCrowd(bench.peer("idle-subscribers", { URL: url, KEYS: keys.join(","), QUERY: query }));
  }

  /** Waits until there are so many, and all are subscribed. */
  async grow(count: number): Promise<void> {
    this.child.tell(`grow ${count}`);
    await this.child.line("subscribed");
  }

  /** Adds one that never reads, but sends pongs; when it is cut, another one takes its place. */
  async stall(): Promise<void> {
    this.child.tell("stall");
    await this.child.line("stalled");
  }

  /** What came since it was asked last. */
  async heard(): Promise<Heard> {
    this.child.tell("heard");
    const heard: unknown = JSON.parse(await this.child.line("heard "));
    if (!isHeard(heard)) throw new TypeError(`The crowd said ${JSON.stringify(heard)}.`);
    return heard;
  }
}

async function makeKey({ client }: BenchService, number: number): Promise<string> {
  const { createApiKey } = await client.data<{ createApiKey: { secret: string } }>(
    "mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { secret } }",
    { name: `crowd-${number}` },
  );
  return createApiKey.secret;
}

function isHeard(value: unknown): value is Heard {
  return typeof value === "object" && value !== null && "deliveries" in value && "newest" in value;
}
