import type { Origin } from "../../../src/kit/actor.ts";
import { InvalidState } from "../../../src/kit/domain-error.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import { keyIdOf } from "../../../src/kit/secret-box.ts";
import type { WarmDatabase } from "../../../src/provisioning/warm-pool/warm-database.ts";
import { doneAtEntry } from "../../../src/tenants/provisioned-at-entry.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import {
  type Admission,
  type Admitted,
  DomainTaken,
  type Idempotency,
  IdempotencyKeyReused,
  type NewTenant,
  SlugTaken,
} from "../../../src/tenants/tenant-store.ts";
import { enter, settle } from "./fake-job-writes.ts";
import { by, type FakeRegistry, type FakeTenant } from "./fake-registry.ts";

/** Enters tenants with their job: all or none. @throws SlugTaken, DomainTaken, IdempotencyKeyReused */
export function admit(registry: FakeRegistry, admission: Admission): Admitted {
  const { idempotency, origin, action } = admission;
  const earlier = idempotency && recall(registry, idempotency, origin);
  if (earlier) return earlier;
  refuseTaken(registry, admission);
  const at = registry.clock.now();
  const warm = claim(registry, admission.tenants);
  for (const wanted of admission.tenants) {
    const { slug, name, serverId, seed, domains, labels } = wanted;
    const taken = warm.get(wanted.id);
    const { tenantId: id, databaseName, password } = taken ?? { ...wanted, tenantId: wanted.id };
    const stamps = { generation: 1, createdAt: at, updatedAt: at } as const;
    const base = { id, slug, name, serverId, databaseName, seed, ...stamps };
    const tenant: Tenant = taken ? { ...base, ...stateOf(taken) } : { ...base, status: "PROVISIONING" };
    registry.tenants.set(id, { tenant, password, labels, busy: undefined });
    for (const [position, { id: domainId, hostname }] of domains.entries()) {
      const domain = { id: domainId, tenantId: id, hostname, isPrimary: position === 0, createdAt: at };
      registry.domains.set(domainId, domain);
    }
    registry.audit.push({ origin, action, subject: `Tenant:${id}`, result: "OK" });
  }
  const items = admission.tenants.map(({ id }) => warm.get(id)?.tenantId ?? id);
  const wish = { ...admission.job, items, tenantId: admission.job.tenantId && items[0] };
  const job = enter(registry, wish, at, doneAtEntry(warm.size, items.length));
  const done = [...warm.values()].map(({ tenantId }) => ({ tenantId, status: "SUCCEEDED" as const, durationMs: 0 }));
  const entry = registry.jobs.get(job.id);
  if (entry) settle(registry, entry, done);
  if (idempotency) registry.idempotency.set(keyOf(idempotency, origin), { same: sameAs(idempotency), jobId: job.id });
  return { ...admitted(registry, job.id), repeated: false };
}

/** Takes ready-made databases for those that may have one, by the id that they would have had. */
function claim(registry: FakeRegistry, fresh: readonly NewTenant[]): ReadonlyMap<TenantId, WarmDatabase> {
  const taken = new Map<TenantId, WarmDatabase>();
  for (const { id, serverId, password, warmSchema } of fresh) {
    if (warmSchema?.checksum === undefined) continue;
    const [oldest] = [...registry.warm.values()]
      .filter((one) => one.serverId === serverId && one.state === "READY")
      .filter(({ schemaChecksum }) => schemaChecksum === warmSchema.checksum)
      .filter((one) => keyIdOf(one.password) === keyIdOf(password))
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || by(a.tenantId, b.tenantId));
    if (!oldest) continue;
    registry.warm.delete(oldest.tenantId);
    taken.set(id, oldest);
  }
  return taken;
}

function stateOf({ schemaVersion, schemaChecksum }: WarmDatabase) {
  return { status: "ACTIVE", schemaVersion, schemaChecksum } as const;
}

/** What an earlier request under this key entered. @throws IdempotencyKeyReused */
export function recall(registry: FakeRegistry, idempotency: Idempotency, origin: Origin): Admitted | undefined {
  const known = registry.idempotency.get(keyOf(idempotency, origin));
  if (known && known.same !== sameAs(idempotency)) {
    throw new IdempotencyKeyReused("The idempotency key was used for another request.", {
      field: ["input", "idempotencyKey"],
    });
  }
  return known && { ...admitted(registry, known.jobId), repeated: true };
}

function keyOf({ key }: Idempotency, { actor }: Origin): string {
  return JSON.stringify([actor.id, key]);
}

function sameAs({ operation, inputHash }: Idempotency): string {
  return JSON.stringify([operation, inputHash]);
}

/** The tenant with this slug that is not DELETED. */
export function withSlug(registry: FakeRegistry, slug: string): FakeTenant | undefined {
  return [...registry.tenants.values()].find(({ tenant }) => tenant.slug === slug && tenant.status !== "DELETED");
}

function admitted(registry: FakeRegistry, jobId: JobId): Pick<Admitted, "tenants" | "job"> {
  const entry = registry.jobs.get(jobId);
  if (!entry)
    throw new InvalidState("What was entered under this idempotency key is too old to be shown again.", {
      field: ["input", "idempotencyKey"],
    });
  const of = (id: TenantId) => registry.tenants.get(id)?.tenant ?? [];
  return { tenants: [...entry.items.keys()].flatMap(of), job: entry.job };
}

function refuseTaken(registry: FakeRegistry, { tenants, action }: Admission): void {
  const slugs = new Set<string>();
  const hostnames = new Set([...registry.domains.values()].map(({ hostname }) => hostname));
  for (const [at, { slug, domains }] of tenants.entries()) {
    const path = action === "createTenant" ? ["input"] : ["input", "tenants", String(at)];
    if (slugs.has(slug) || withSlug(registry, slug)) {
      const field = action === "createTestTenants" ? ["input", "slugPrefix"] : [...path, "slug"];
      throw new SlugTaken(slug, { field });
    }
    slugs.add(slug);
    for (const [position, { hostname }] of domains.entries()) {
      if (hostnames.has(hostname)) {
        throw new DomainTaken(hostname, { field: [...path, "domains", String(position)] });
      }
      hostnames.add(hostname);
    }
  }
}
