import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient } from "../../test/support/client.ts";
import { Child } from "./child.ts";

/** What a service is started with. */
export interface BenchServiceOptions {
  /** Its registry: a database that is made when missing. Absent: a private MariaDB of its own. */
  readonly registryUrl?: string | undefined;
  /** Folder of its own, kept by the caller; absent: one that goes with it. */
  readonly dataDir?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const adminKey = "bench-admin-key-0123456789";
/** Base64 of the key that seals the passwords of the tenants of every service of the bench. */
export const encryptionKey = Buffer.alloc(32, 7).toString("base64");

/** A real service in a process of its own, as `npm start` runs it when everything is built. */
export class BenchService {
  #readyMs = Number.NaN;

  private constructor(
    private readonly child: Child,
    readonly client: ApiClient,
    readonly key: string,
    private readonly folder: string | undefined,
  ) {}

  /** Waits until it is ready. @throws ChildEnded with its output */
  static async start(options: BenchServiceOptions): Promise<BenchService> {
    const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), "tenantry-bench-service-")));
    const url = `http://127.0.0.1:${await freePort()}`;
    const startedAt = performance.now();
    const child = new Child([...profiling(), "dist/main.js", "serve"], {
      PORT: new URL(url).port,
      LOG_LEVEL: "warn",
      TENANTRY_DATA_DIR: folder,
      TENANTRY_ADMIN_KEY: adminKey,
      TENANTRY_ENCRYPTION_KEY: encryptionKey,
      TENANTRY_RATE_LIMIT: "0",
      ...(process.env.TENANTRY_MARIADBD && { TENANTRY_MARIADBD: process.env.TENANTRY_MARIADBD }),
      ...(options.registryUrl && { TENANTRY_REGISTRY_URL: options.registryUrl }),
      ...options.env,
    });
    const client = new ApiClient(url, adminKey);
    const own = options.dataDir === undefined ? folder : undefined;
    const service = new BenchService(child, client, adminKey, own);
    try {
      await untilReady(child, url);
      service.#readyMs = performance.now() - startedAt;
      await untilKnown(client);
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  /** Milliseconds from its spawning until it answered as ready. */
  get readyMs(): number {
    return this.#readyMs;
  }

  get url(): string {
    return this.client.url;
  }

  get pid(): number {
    return this.child.pid;
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.child.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}

/** Node's own profiler, where the run was asked for it. */
function profiling(): readonly string[] {
  const folder = process.env.BENCH_PROFILES;
  return folder ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : [];
}

/** A database's name that no service has used. */
export function freshName(prefix: string): string {
  return `${prefix}_${randomBytes(5).toString("hex")}`;
}

async function untilReady(child: Child, url: string): Promise<void> {
  for (;;) {
    child.mustRun();
    // Nobody listens yet.
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The first start enters the key after it has begun to listen. */
async function untilKnown(client: ApiClient): Promise<void> {
  while ((await client.send("{ viewer { id } }")).errors) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
