import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { EmbeddedMariaDb } from "../../../src/embedded/embedded-mariadb.ts";
import { ServerFolder } from "../../../src/embedded/server-folder.ts";
import { type Row, sqlAt } from "../../e2e/support/private-server.ts";
import { ApiClient } from "../../support/client.ts";
import { freePort, ServiceProcess } from "../../support/service.ts";

type Environment = Readonly<Record<string, string>>;

/** A real service with its dashboard, in a folder of its own, that can be killed and come back at the same address. */
export class DashboardWorld {
  private constructor(
    private readonly dataDir: string,
    private readonly port: number,
    public service: ServiceProcess,
    readonly key: string,
    readonly api: ApiClient,
    private readonly env: Environment,
  ) {}

  /** @param env beside what every start has */
  static async start(env: Environment = {}): Promise<DashboardWorld> {
    const dataDir = await mkdtemp(join(tmpdir(), "tenantry-dashboard-"));
    const port = await freePort();
    const service = await serve(dataDir, port, env);
    const key = (await readFile(join(dataDir, "admin.key"), "utf8")).trim();
    return new DashboardWorld(dataDir, port, service, key, new ApiClient(service.url, key), env);
  }

  get url(): string {
    return this.service.url;
  }

  /** The address that the first start prints. */
  get signInLink(): string {
    return `${this.url}/#key=${encodeURIComponent(this.key)}`;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.service.kill();
  }

  async comeBack(): Promise<void> {
    this.service = await serve(this.dataDir, this.port, this.env);
  }

  /** Asks the server of the tenants as its admin. */
  async sql<Result extends Row = Row>(text: string): Promise<Result[]> {
    const { username, password, port } = await new ServerFolder(this.dataDir).account();
    return sqlAt<Result>(`mysql://${username}:${password}@127.0.0.1:${port}`, text);
  }

  async end(): Promise<void> {
    await this.api.close();
    await this.service.stop();
    await EmbeddedMariaDb.stopLeftover(this.dataDir);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

function serve(dataDir: string, port: number, env: Environment): Promise<ServiceProcess> {
  return ServiceProcess.start({
    dataDir,
    port,
    env: { TENANTRY_MARIADBD: inject("mariadbd"), TENANTRY_RATE_LIMIT: "0", ...env },
  });
}
