import type { AuditLog } from "../access/audit.ts";
import { isFinal, type Job } from "../jobs/job.ts";
import type { Origin } from "../kit/actor.ts";
import { InvalidInput, InvalidState, NotFound } from "../kit/domain-error.ts";
import type { DomainId, ServerId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import { Secret } from "../kit/secret.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import {
  type AdmissionParts,
  type DescribedTenant,
  equip,
  maxDomainsPerTenant,
  parseDescription,
  provisioningJob,
  refuseDuplicates,
  type ServerChooser,
} from "./admission.ts";
import type { TenantReads } from "./cached-tenant-reads.ts";
import { findableHostname, parseHostname } from "./hostname.ts";
import { idempotencyOf } from "./idempotency.ts";
import { isSlug } from "./slug.ts";
import { openPassword } from "./stored-password.ts";
import type { Domain, Label, Tenant, TenantHealth } from "./tenant.ts";
import { parseTenantFilter } from "./tenant-filter.ts";
import type { CreateTenant, CreateTenants, CreateTestTenants, RevealTenant, TenantConnection } from "./tenant-input.ts";
import {
  type Admitted,
  type Idempotency,
  StaleGeneration,
  type TenantFilter,
  type TenantOrder,
  type TenantStore,
  type TenantUpdate,
} from "./tenant-store.ts";
import { parseReason, parseUpdate } from "./tenant-update.ts";
import { parseTestTenants, TestTenantNumbers } from "./test-tenants.ts";
import { refuseUnfinishedRotation } from "./unfinished-rotation.ts";

const idField: readonly string[] = ["input", "id"];
const maxBatch = 1_000;
/** What {@link TenantService} works with. */
export interface TenantParts extends AdmissionParts {
  readonly store: TenantStore;
  /** What is read for requests: the store itself, or what keeps its answers. */
  readonly reads: TenantReads;
  readonly servers: ServerChooser & { findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]> };
  readonly audit: AuditLog;
  /** Told that a job was entered. */
  readonly runner: { wake(): void };
}

/** What the edges may wish of tenants. It enters wishes and touches no tenant server. */
export class TenantService {
  readonly #numbers: TestTenantNumbers;

  constructor(private readonly parts: TenantParts) {
    this.#numbers = new TestTenantNumbers(parts.store);
  }

  /** Enters a tenant and queues its provisioning. @throws InvalidInput, ReservedName, SlugTaken, DomainTaken, NoEligibleServer, IdempotencyKeyReused */
  async create(input: CreateTenant, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }> {
    const idempotency = idempotencyOf("createTenant", input);
    const { tenants, job } = await this.#admit(
      "createTenant",
      [parseDescription(input, ["input"])],
      idempotency,
      origin,
    );
    const [tenant] = tenants;
    if (!tenant) throw new NotFound("The tenant of this idempotency key is gone.");
    return { tenant, job };
  }

  /** Enters 1..1000 tenants, all or none; one job provisions them. @throws as `create`, with the field of the entry */
  async createMany(input: CreateTenants, origin: Origin): Promise<Admitted> {
    const field = ["input", "tenants"];
    if (input.tenants.length < 1 || input.tenants.length > maxBatch) {
      throw new InvalidInput(`1 to ${maxBatch} tenants can be created at a time.`, { field });
    }
    const described = input.tenants.map((entry, index) => {
      const at = [...field, String(index)];
      if (entry.idempotencyKey !== undefined) {
        throw new InvalidInput("The key of the whole request counts; an entry has none.", {
          field: [...at, "idempotencyKey"],
        });
      }
      return parseDescription(entry, at);
    });
    return this.#admit("createTenants", described, idempotencyOf("createTenants", input), origin);
  }

  /** Enters throw-away tenants under the lowest free numbers. @throws InvalidInput, NoEligibleServer, IdempotencyKeyReused, QueueTimeout */
  async createTest(input: CreateTestTenants, origin: Origin): Promise<Admitted> {
    const plan = parseTestTenants(input);
    const idempotency = idempotencyOf("createTestTenants", input);
    return this.#numbers.use(plan, (described) => this.#admit("createTestTenants", described, idempotency, origin));
  }

  /** @throws NotFound, InvalidInput, ReservedName, SlugTaken, StaleGeneration, InvalidState */
  async update(update: TenantUpdate, origin: Origin): Promise<Tenant> {
    const wanted = parseUpdate(update);
    if (wanted.name !== undefined || wanted.slug !== undefined || wanted.labels !== undefined) {
      return this.parts.store.update(wanted, origin);
    }
    const tenant = await this.#get(update.id);
    const { expectedGeneration = tenant.generation } = wanted;
    if (expectedGeneration !== tenant.generation) throw new StaleGeneration(expectedGeneration, tenant.generation);
    return tenant;
  }

  /** @throws NotFound, InvalidInput, DomainTaken, InvalidState, LimitExceeded */
  async addDomain(
    input: { readonly tenantId: TenantId; readonly hostname: string; readonly primary: boolean },
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const hostname = parseHostname(input.hostname, ["input", "hostname"]);
    const domain = { id: this.parts.ids.next<"Domain">(), hostname, primary: input.primary };
    return this.parts.store.addDomain(input.tenantId, domain, maxDomainsPerTenant, origin);
  }

  /** @throws NotFound, InvalidInput, InvalidState */
  async removeDomain(
    input: { readonly tenantId: TenantId; readonly hostname: string },
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const hostname = parseHostname(input.hostname, ["input", "hostname"]);
    return this.parts.store.removeDomain(input.tenantId, hostname, origin);
  }

  /** Takes up the provisioning of a FAILED tenant where it stopped. @throws NotFound, InvalidState, TenantBusy */
  async retry(id: TenantId, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }> {
    const { store, ids, runner } = this.parts;
    const retried = await store.retry(id, provisioningJob(ids, [id], origin), origin);
    runner.wake();
    return retried;
  }

  /**
   * The only way for a password out of the service; audited before it is given. While it is being changed none is given: the
   * old one is about to end, and the new one may yet be taken back. @throws NotFound, InvalidInput, InvalidState, TenantBusy
   */
  async reveal(input: RevealTenant, origin: Origin): Promise<TenantConnection> {
    const { store, servers, secretBox, audit } = this.parts;
    const reason = parseReason(input.reason);
    const tenant = await this.#get(input.id);
    await refuseUnfinishedRotation(store, tenant.id);
    const sealed = (await store.passwordsOf([tenant.id])).get(tenant.id);
    const [server] = await servers.findMany([tenant.serverId]);
    if (tenant.status === "DELETING" || tenant.status === "DELETED" || !sealed || !server) {
      throw new InvalidState(`The tenant is ${tenant.status}; it has no connection to reveal.`, { field: idField });
    }
    const password = openPassword(secretBox, sealed, tenant.id);
    const subject = `Tenant:${tenant.id}`;
    await audit.append({ origin, action: "revealTenantConnection", subject, result: "OK", note: reason });
    return connectionOf(server, tenant.databaseName, password);
  }

  find(id: TenantId): Promise<Tenant | undefined> {
    return this.parts.reads.find(id);
  }

  findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]> {
    return this.parts.reads.findMany(ids);
  }

  /** Never a DELETED one; undefined for what is no slug at all. */
  async findBySlug(slug: string): Promise<Tenant | undefined> {
    return isSlug(slug) ? this.parts.reads.findBySlug(slug) : undefined;
  }

  /** Never a DELETED one; undefined for what is no host name at all. */
  async findByDomain(text: string): Promise<Tenant | undefined> {
    const hostname = findableHostname(text);
    return hostname === undefined ? undefined : this.parts.reads.findByHostname(hostname);
  }

  /** @throws InvalidInput, InvalidCursor */
  async list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>> {
    return this.parts.reads.list(parseTenantFilter(filter, ["filter"]), order, page);
  }

  /** Exact up to `cap`, and `cap` beyond. @throws InvalidInput */
  async count(filter: TenantFilter, cap: number): Promise<number> {
    return this.parts.store.count(parseTenantFilter(filter, ["filter"]), cap);
  }

  domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]> {
    return this.parts.reads.domainsOf(ids);
  }

  findDomains(ids: readonly DomainId[]): Promise<readonly Domain[]> {
    return this.parts.store.findDomains(ids);
  }

  labelsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly Label[]>> {
    return this.parts.store.labelsOf(ids);
  }

  healthOf(ids: readonly TenantId[]): Promise<readonly TenantHealth[]> {
    return this.parts.store.healthOf(ids);
  }

  async #get(id: TenantId): Promise<Tenant> {
    const tenant = await this.parts.store.find(id);
    if (!tenant) throw new NotFound("There is no such tenant.", { field: idField });
    return tenant;
  }

  async #recall(idempotency: Idempotency | undefined, origin: Origin): Promise<Admitted | undefined> {
    return idempotency && this.parts.store.recall(idempotency, origin);
  }

  async #admit(
    action: string,
    described: readonly DescribedTenant[],
    idempotency: Idempotency | undefined,
    origin: Origin,
  ): Promise<Admitted> {
    // Before a server is chosen: an answer that was given once is given again, also while no server is there.
    const earlier = await this.#recall(idempotency, origin);
    if (earlier) return earlier;
    refuseDuplicates(described);
    const { store, ids, runner, warmPool } = this.parts;
    const tenants = await equip(described, this.parts);
    const job = provisioningJob(
      ids,
      tenants.map(({ id }) => id),
      origin,
    );
    const admitted = await store.admit({ tenants, job, action, origin, idempotency });
    if (!isFinal(admitted.job.status)) runner.wake();
    if (admitted.tenants.some(({ status }) => status === "ACTIVE")) warmPool?.wake();
    return admitted;
  }
}

function connectionOf(server: DatabaseServer, name: string, password: Secret): TenantConnection {
  const { host, port } = server;
  const authority = host.includes(":") ? `[${host}]` : host;
  const url = `mysql://${name}:${encodeURIComponent(password.reveal())}@${authority}:${port}/${name}`;
  return { host, port, database: name, username: name, password, url: new Secret(url) };
}
