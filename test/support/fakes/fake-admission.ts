import type { Origin } from "../../../src/kit/actor.ts";
import { InvalidState } from "../../../src/kit/domain-error.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import {
  type Admission,
  type Admitted,
  DomainTaken,
  type Idempotency,
  IdempotencyKeyReused,
  SlugTaken,
} from "../../../src/tenants/tenant-store.ts";
import { enter } from "./fake-job-writes.ts";
import type { FakeRegistry, FakeTenant } from "./fake-registry.ts";

/** Enters tenants with their job: all or none. @throws SlugTaken, DomainTaken, IdempotencyKeyReused */
export function admit(registry: FakeRegistry, admission: Admission): Admitted {
  const { idempotency, origin, action } = admission;
  const earlier = idempotency && recall(registry, idempotency, origin);
  if (earlier) return earlier;
  refuseTaken(registry, admission);
  const at = registry.clock.now();
  for (const { id, slug, name, serverId, databaseName, password, seed, domains, labels } of admission.tenants) {
    const stamps = { status: "PROVISIONING", generation: 1, createdAt: at, updatedAt: at } as const;
    const tenant: Tenant = { id, slug, name, serverId, databaseName, seed, ...stamps };
    registry.tenants.set(id, { tenant, password, labels, busy: undefined });
    for (const [position, { id: domainId, hostname }] of domains.entries()) {
      const domain = { id: domainId, tenantId: id, hostname, isPrimary: position === 0, createdAt: at };
      registry.domains.set(domainId, domain);
    }
    registry.audit.push({ origin, action, subject: `Tenant:${id}`, result: "OK" });
  }
  const job = enter(registry, { ...admission.job, items: admission.tenants.map(({ id }) => id) }, at);
  if (idempotency) registry.idempotency.set(keyOf(idempotency, origin), { same: sameAs(idempotency), jobId: job.id });
  return { ...admitted(registry, job.id), repeated: false };
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
  if (!entry) throw new InvalidState("What was entered under this idempotency key is too old to be shown again.");
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
