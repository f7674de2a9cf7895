import { join } from "node:path";
import { Teardown } from "../src/kit/teardown.ts";
import type { BenchDatabase } from "./support/bench-database.ts";
import { BenchService, type BenchServiceOptions, freshName } from "./support/bench-service.ts";
import { Child, ChildEnded } from "./support/child.ts";
import { Fleet } from "./support/fleet.ts";

/** What figures measure with. What they start through it is stopped when the figure ends; the fleet stays for the next one. */
export class Bench {
  readonly #ofFigure: Teardown[] = [];
  #fleet: Promise<Fleet> | undefined;
  #closed = false;
  readonly #services = new Set<Promise<BenchService>>();

  constructor(
    /** The run shall be over within three minutes. */
    readonly quick: boolean,
    readonly database: BenchDatabase,
    /** Folder of the built modules. */
    private readonly modules: string,
    /** Folder of package.json. */
    readonly root: string,
  ) {}

  /** Tells whoever waits what is being done. */
  say(text: string): void {
    process.stderr.write(`  ${text}\n`);
  }

  /** One of two, by the length of the run. */
  pick(quick: number, full: number): number {
    return this.quick ? quick : full;
  }

  /** Takes back what a figure did; last one first. */
  defer(step: () => Promise<unknown>): void {
    this.#ofFigure.at(-1)?.defer(async () => {
      await step();
    });
  }

  /** URL of a registry that no service has used; its database is made by the service. */
  freshRegistryUrl(): string {
    return `${this.database.url}/${freshName("registry")}`;
  }

  /** A program of peers/ in a process of its own. @param env beside PATH and HOME */
  peer(name: string, env: Readonly<Record<string, string>>): Child {
    const child = new Child(["--enable-source-maps", join(this.modules, "peers", `${name}.js`)], env);
    this.defer(() => child.stop());
    return child;
  }

  /** A service with many ACTIVE tenants, made at first need: 200 in a short run, else 1,000. */
  fleet(): Promise<Fleet> {
    this.#fleet ??= this.#makeFleet();
    return this.#fleet;
  }

  /** Runs a figure's work, and stops what it started. */
  async scope<T>(work: () => Promise<T>): Promise<T> {
    const started = new Teardown();
    this.#ofFigure.push(started);
    try {
      return await work();
    } finally {
      this.#ofFigure.pop();
      await started.run();
    }
  }

  /** Starts a service, which is stopped at the end of the run at the latest. */
  start(options: BenchServiceOptions): Promise<BenchService> {
    if (this.#closed) return Promise.reject(new ChildEnded("The run is over."));
    const starting = BenchService.start(options);
    this.#services.add(starting);
    return starting;
  }

  /** Stops everything that was started, also in the middle of a figure. */
  async close(): Promise<void> {
    this.#closed = true;
    // One that failed to start has stopped already.
    for (const service of this.#services) await service.then((started) => started.stop()).catch(() => undefined);
    for (const figure of this.#ofFigure.splice(0).reverse()) await figure.run();
  }

  async #makeFleet(): Promise<Fleet> {
    const count = this.pick(200, 1_000);
    this.say(`making a fleet of ${count} tenants`);
    const registryUrl = this.freshRegistryUrl();
    const env = { TENANTRY_SERVER_URL: this.database.serverUrl };
    const service = await this.start({ registryUrl, env });
    const fleet = new Fleet(service, this.database, new URL(registryUrl).pathname.slice(1));
    await fleet.grow(count);
    return fleet;
  }
}
