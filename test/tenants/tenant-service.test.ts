import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Origin } from "../../src/kit/actor.ts";
import { type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import type { DatabaseServer } from "../../src/servers/database-server.ts";
import { chooseServer } from "../../src/servers/server-choice.ts";
import { newCredentials } from "../../src/tenants/credentials.ts";
import { ProvisioningRetrier } from "../../src/tenants/provisioning-retrier.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import type { CreateTenant } from "../../src/tenants/tenant-input.ts";
import { TenantService } from "../../src/tenants/tenant-service.ts";
import { openDrizzleWorld } from "../registry/drizzle-world.ts";

type World = Awaited<ReturnType<typeof openDrizzleWorld>>;

let world: World;
beforeAll(async () => {
  world = await openDrizzleWorld();
});
afterAll(() => world.close());

const origin: Origin = { actor: { id: "key-1", name: "tester", role: "ADMIN" }, requestId: "request-1" };
let counter = 0;
const unique = (prefix: string) => {
  counter += 1;
  return `${prefix}-${counter}`;
};

/** A service over the real registry, on a server of its own that may be out of reach. */
async function bench(status: DatabaseServer["status"] = "ONLINE") {
  const id = uuidv7Ids.next<"DatabaseServer">();
  const server = await world.servers.ensure({
    id,
    name: id,
    engine: "MARIADB",
    host: "db.example",
    port: 3307,
    status,
    warmPoolTarget: 0,
  });
  const secretBox = new SecretBox([randomBytes(32)]);
  const wakes: number[] = [];
  const service = new TenantService({
    store: world.tenants,
    reads: world.tenants,
    servers: {
      choose: async (wish) => chooseServer([server], new Map(), wish),
      findMany: (ids) => world.servers.findMany(ids),
    },
    audit: world.audit,
    secretBox,
    ids: uuidv7Ids,
    newCredentials,
    runner: { wake: () => void wakes.push(1) },
  });
  return { service, server, wakes, secretBox };
}

async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ accepted: value }),
    (error: unknown) => error,
  );
}

async function leaseOf(jobId: string) {
  for (;;) {
    const claimed = await world.jobs.claim("tester", 60_000, ["PROVISION_TENANTS"]);
    if (!claimed) throw new TypeError("The job is not due.");
    if (claimed.job.id === jobId) return claimed.lease;
  }
}

async function failed(tenant: Tenant, jobId: string): Promise<void> {
  const lease = await leaseOf(jobId);
  const error = { code: "OWNERSHIP_MISMATCH", message: "The database belongs to another tenant.", retryable: false };
  await world.tenants.fail(lease, tenant.id, error, 1);
  const progress = { phase: "failed", total: 1, done: 0, failed: 1, skipped: 0, percent: 100 };
  await world.jobs.finish(lease, { status: "FAILED", progress, message: "failed", error });
}

describe("creating a tenant", () => {
  it("enters it with its domains and labels, and wakes whoever provisions it", async () => {
    const { service, server, wakes } = await bench();
    const slug = unique("acme");
    const labels = [{ key: "team", value: "blue" }];
    const domains = [`WWW.${slug}.Example`, `${slug}.example`];
    const { tenant, job } = await service.create({ slug, name: " Acme ", domains, labels }, origin);
    expect(tenant).toMatchObject({ slug, name: "Acme", status: "PROVISIONING", serverId: server.id, generation: 1 });
    expect(tenant.databaseName).toMatch(/^tnt[a-z0-9]{24}$/);
    expect(job).toMatchObject({ kind: "PROVISION_TENANTS", status: "QUEUED", tenantId: tenant.id });
    expect(wakes).toHaveLength(1);
    expect(await service.findByDomain(`WWW.${slug}.example.`)).toEqual(tenant);
    expect((await service.domainsOf([tenant.id])).map(({ hostname, isPrimary }) => [hostname, isPrimary])).toEqual([
      [`www.${slug}.example`, true],
      [`${slug}.example`, false],
    ]);
    expect((await service.labelsOf([tenant.id])).get(tenant.id)).toEqual(labels);
  });

  it.each<[Partial<CreateTenant>, string, readonly string[]]>([
    [{ slug: "A" }, "INVALID", ["input", "slug"]],
    [{ slug: "mysql" }, "RESERVED_NAME", ["input", "slug"]],
    [{ name: "" }, "INVALID", ["input", "name"]],
    [{ domains: ["ok.example", "127.0.0.1"] }, "INVALID", ["input", "domains", "1"]],
    [{ domains: ["same.example", "SAME.example"] }, "INVALID", ["input", "domains", "1"]],
    [{ labels: [{ key: "!", value: "" }] }, "INVALID", ["input", "labels", "0", "key"]],
    [{ idempotencyKey: "" }, "INVALID", ["input", "idempotencyKey"]],
    [{ serverId: uuidv7Ids.next() }, "NOT_FOUND", ["input", "serverId"]],
  ])("with %j is refused and enters nothing", async (wrong, code, field) => {
    const { service, wakes } = await bench();
    const slug = unique("refused");
    expect(await refusalOf(service.create({ slug, name: "Acme", ...wrong }, origin))).toMatchObject({ code, field });
    expect(await service.findBySlug(slug)).toBeUndefined();
    expect(wakes).toEqual([]);
  });

  it("under the same key gives the same answer also while no server is there", async () => {
    const { service } = await bench();
    const { service: later, wakes } = await bench("UNREACHABLE");
    const input = { slug: unique("kept"), name: "Kept", idempotencyKey: unique("key") };
    const many = { tenants: [{ slug: unique("kept"), name: "Kept" }], idempotencyKey: unique("key") };
    const test = { count: 2, slugPrefix: unique("kept"), idempotencyKey: unique("key") };
    const before = [
      await service.create(input, origin),
      await service.createMany(many, origin),
      await service.createTest(test, origin),
    ];
    const again = [
      await later.create(input, origin),
      await later.createMany(many, origin),
      await later.createTest(test, origin),
    ];
    expect(again.map(({ job }) => job.id)).toEqual(before.map(({ job }) => job.id));
    expect(wakes).toEqual([]);
    const other = { ...input, name: "Other" };
    expect(await refusalOf(later.create(other, origin))).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    const fresh = { slug: unique("fresh"), name: "Fresh" };
    expect(await refusalOf(later.create(fresh, origin))).toMatchObject({ code: "NO_ELIGIBLE_SERVER" });
  });

  it("under the same key gives the same tenant again, and refuses another input", async () => {
    const { service } = await bench();
    const input = { slug: unique("same"), name: "Same", idempotencyKey: unique("key") };
    const first = await service.create(input, origin);
    expect(await service.create(input, origin)).toEqual(first);
    expect(await refusalOf(service.create({ ...input, name: "Other" }, origin))).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  it("is refused at once, and retryably, while no server is reachable", async () => {
    const { service } = await bench("UNREACHABLE");
    expect(await refusalOf(service.create({ slug: unique("down"), name: "Down" }, origin))).toMatchObject({
      code: "NO_ELIGIBLE_SERVER",
      retryable: true,
    });
  });
});

describe("creating many tenants", () => {
  it("enters all with one job, in the order of the request", async () => {
    const { service } = await bench();
    const tenants = [1, 2, 3].map((n) => ({ slug: unique("many"), name: `Many ${n}` }));
    const admitted = await service.createMany({ tenants }, origin);
    expect(admitted.tenants.map(({ slug }) => slug)).toEqual(tenants.map(({ slug }) => slug));
    expect(await world.jobs.itemCounts(admitted.job.id)).toMatchObject({ total: 3, pending: 3 });
    expect(admitted.job.tenantId).toBeUndefined();
  });

  const entry = (over: Partial<CreateTenant> = {}) => ({ slug: unique("entry"), name: "Entry", ...over });

  it.each<[() => readonly CreateTenant[], string, readonly string[]]>([
    [() => [], "INVALID", ["input", "tenants"]],
    [() => Array.from({ length: 1_001 }, () => entry()), "INVALID", ["input", "tenants"]],
    [() => [entry(), entry({ slug: "Bad" })], "INVALID", ["input", "tenants", "1", "slug"]],
    [
      () => [entry({ slug: "twice" }), entry(), entry({ slug: "twice" })],
      "SLUG_TAKEN",
      ["input", "tenants", "2", "slug"],
    ],
    [
      () => [entry({ domains: ["d.example"] }), entry({ domains: ["D.example"] })],
      "DOMAIN_TAKEN",
      ["input", "tenants", "1", "domains", "0"],
    ],
    [() => [entry({ idempotencyKey: "own" })], "INVALID", ["input", "tenants", "0", "idempotencyKey"]],
  ])("is refused as a whole at its first mistake (case %#)", async (tenants, code, field) => {
    const { service } = await bench();
    const before = await service.count({}, 10_000);
    expect(await refusalOf(service.createMany({ tenants: tenants() }, origin))).toMatchObject({ code, field });
    expect(await service.count({}, 10_000)).toBe(before);
  });

  it("names the entry whose slug is taken, and enters none", async () => {
    const { service } = await bench();
    const taken = await service.create({ slug: unique("taken"), name: "Taken" }, origin);
    const fresh = entry();
    const refusal = await refusalOf(
      service.createMany({ tenants: [fresh, entry({ slug: taken.tenant.slug })] }, origin),
    );
    expect(refusal).toMatchObject({ code: "SLUG_TAKEN", field: ["input", "tenants", "1", "slug"] });
    expect(await service.findBySlug(fresh.slug)).toBeUndefined();
  });
});

describe("creating test tenants", () => {
  it("numbers them from the first free number, labelled as tests", async () => {
    const { service } = await bench();
    const prefix = unique("trial");
    await service.create({ slug: `${prefix}-0002`, name: "In the way" }, origin);
    const { tenants } = await service.createTest({ count: 3, slugPrefix: prefix }, origin);
    expect(tenants.map(({ slug, name }) => [slug, name])).toEqual([
      [`${prefix}-0001`, "Test 1"],
      [`${prefix}-0003`, "Test 3"],
      [`${prefix}-0004`, "Test 4"],
    ]);
    const labels = await service.labelsOf(tenants.map(({ id }) => id));
    expect([...labels.values()]).toEqual([1, 2, 3].map(() => [{ key: "test", value: "true" }]));
  });

  it("at the same time gives each caller numbers of its own", async () => {
    const { service } = await bench();
    const slugPrefix = unique("race");
    const admitted = await Promise.all([1, 2, 3].map(() => service.createTest({ count: 5, slugPrefix }, origin)));
    const slugs = admitted.flatMap(({ tenants }) => tenants.map(({ slug }) => slug));
    expect(new Set(slugs).size).toBe(15);
  });

  it("under the same key gives the same tenants again", async () => {
    const { service } = await bench();
    const input = { count: 2, slugPrefix: unique("again"), idempotencyKey: unique("key") };
    const first = await service.createTest(input, origin);
    const second = await service.createTest(input, origin);
    expect(second.tenants).toEqual(first.tenants);
    expect(second.job.id).toBe(first.job.id);
  });

  it.each([
    [{ count: 0 }, ["input", "count"]],
    [{ count: 1_001 }, ["input", "count"]],
    [{ count: 1.5 }, ["input", "count"]],
    [{ count: 1, slugPrefix: "-x" }, ["input", "slugPrefix"]],
    [{ count: 1, slugPrefix: "" }, ["input", "slugPrefix"]],
  ])("with %j is refused", async (input, field) => {
    const { service } = await bench();
    expect(await refusalOf(service.createTest(input, origin))).toMatchObject({ code: "INVALID", field });
  });
});

describe("changing a tenant", () => {
  async function made() {
    const { service, ...rest } = await bench();
    const created = await service.create({ slug: unique("change"), name: "Before" }, origin);
    return { service, ...rest, ...created };
  }

  it("changes what is given and leaves the rest", async () => {
    const { service, tenant } = await made();
    const slug = unique("renamed");
    const changed = await service.update({ id: tenant.id, slug, expectedGeneration: 1 }, origin);
    expect(changed).toMatchObject({ slug, name: "Before", generation: 2, databaseName: tenant.databaseName });
    expect(await service.findBySlug(tenant.slug)).toBeUndefined();
  });

  it("refuses a generation that is past, also when nothing else is given", async () => {
    const { service, tenant } = await made();
    await service.update({ id: tenant.id, name: "After" }, origin);
    const stale = { code: "STALE_GENERATION", field: ["input", "expectedGeneration"] };
    expect(
      await refusalOf(service.update({ id: tenant.id, name: "Late", expectedGeneration: 1 }, origin)),
    ).toMatchObject(stale);
    expect(await refusalOf(service.update({ id: tenant.id, expectedGeneration: 1 }, origin))).toMatchObject(stale);
    expect(await service.update({ id: tenant.id }, origin)).toMatchObject({ name: "After", generation: 2 });
  });

  it.each([
    [{ slug: "UPPER" }, "INVALID", ["input", "slug"]],
    [{ slug: "root" }, "RESERVED_NAME", ["input", "slug"]],
    [{ name: " " }, "INVALID", ["input", "name"]],
    [{ labels: [{ key: "", value: "" }] }, "INVALID", ["input", "labels", "0", "key"]],
    [{ expectedGeneration: 0 }, "INVALID", ["input", "expectedGeneration"]],
  ])("with %j is refused", async (wrong, code, field) => {
    const { service, tenant } = await made();
    expect(await refusalOf(service.update({ id: tenant.id, ...wrong }, origin))).toMatchObject({ code, field });
    expect(await service.find(tenant.id)).toEqual(tenant);
  });

  it("adds and removes domains under their one spelling", async () => {
    const { service, tenant } = await made();
    const hostname = `${tenant.slug}.example`;
    const added = await service.addDomain(
      { tenantId: tenant.id, hostname: hostname.toUpperCase(), primary: false },
      origin,
    );
    expect(added.domain).toMatchObject({ hostname, isPrimary: true });
    expect(await service.findByDomain(hostname)).toMatchObject({ id: tenant.id });
    await service.removeDomain({ tenantId: tenant.id, hostname: hostname.toUpperCase() }, origin);
    expect(await service.findByDomain(hostname)).toBeUndefined();
    expect(
      await refusalOf(service.addDomain({ tenantId: tenant.id, hostname: "1.2.3.4", primary: true }, origin)),
    ).toMatchObject({ code: "INVALID", field: ["input", "hostname"] });
  });

  it("retries what FAILED, and names the job that is at it", async () => {
    const { service, tenant, job, wakes } = await made();
    expect(await refusalOf(service.retry(tenant.id, origin))).toMatchObject({ code: "TENANT_BUSY", jobId: job.id });
    await failed(tenant, job.id);
    const before = wakes.length;
    const retried = await service.retry(tenant.id, origin);
    expect(retried.tenant).toMatchObject({ status: "PROVISIONING" });
    expect(retried.job).toMatchObject({ status: "QUEUED", tenantId: tenant.id });
    expect(wakes).toHaveLength(before + 1);
  });

  it("retries what an ended job left", async () => {
    const { tenant, job } = await made();
    const retrier = new ProvisioningRetrier(world.tenants, uuidv7Ids);
    await failed(tenant, job.id);
    const retried = await retrier.retry(job, [tenant.id], origin);
    expect(await world.jobs.itemCounts(retried.id)).toMatchObject({ total: 1, pending: 1 });
    expect(await refusalOf(retrier.retry(job, [], origin))).toMatchObject({ code: "INVALID_STATE" });
  });
});

describe("revealing a connection", () => {
  it("gives what an application needs, and writes down who asked and why", async () => {
    const { service, secretBox } = await bench();
    const { tenant } = await service.create({ slug: unique("reveal"), name: "Reveal" }, origin);
    const connection = await service.reveal({ id: tenant.id, reason: " on call " }, origin);
    const { databaseName: name } = tenant;
    expect(connection).toMatchObject({ host: "db.example", port: 3307, database: name, username: name });
    const sealed = (await world.tenants.passwordsOf([tenant.id])).get(tenant.id) ?? "";
    const password = secretBox.open(sealed, { ownerId: tenant.id, field: "password" }).reveal();
    expect(connection.password.reveal()).toBe(password);
    expect(connection.url.reveal()).toBe(`mysql://${name}:${password}@db.example:3307/${name}`);
    expect(JSON.stringify(connection)).not.toContain(password);
    expect(await world.auditRows()).toContainEqual({
      actorId: "key-1",
      action: "revealTenantConnection",
      subject: `Tenant:${tenant.id}`,
      result: "OK",
    });
  });

  it("refuses what does not exist and a reason that is too long", async () => {
    const { service } = await bench();
    const nobody: TenantId = uuidv7Ids.next();
    const { tenant } = await service.create({ slug: unique("reveal"), name: "Reveal" }, origin);
    expect(await refusalOf(service.reveal({ id: nobody }, origin))).toMatchObject({ code: "NOT_FOUND" });
    expect(await refusalOf(service.reveal({ id: tenant.id, reason: "x".repeat(501) }, origin))).toMatchObject({
      code: "INVALID",
      field: ["input", "reason"],
    });
  });

  it("says so when no configured key opens the password", async () => {
    const [{ service }, other] = [await bench(), await bench()];
    const { tenant } = await service.create({ slug: unique("reveal"), name: "Reveal" }, origin);
    expect(await refusalOf(other.service.reveal({ id: tenant.id }, origin))).toMatchObject({
      code: "INVALID_STATE",
      message: "The stored password cannot be opened with the configured keys.",
    });
  });
});

describe("looking for tenants", () => {
  it("finds nothing for what can be nobody's name, without asking", async () => {
    const { service } = await bench();
    for (const odd of ["", "A", "x".repeat(10_000), "a\0b", "🦄"])
      expect(await service.findBySlug(odd)).toBeUndefined();
    for (const odd of ["", "*", "1.2.3.4", "x".repeat(10_000), "a\0b.example", "🦄"]) {
      expect(await service.findByDomain(odd)).toBeUndefined();
    }
  });

  it("refuses a filter that nobody can mean", async () => {
    const { service } = await bench();
    const order = { field: "CREATED_AT", direction: "ASC" } as const;
    const page = { limit: 10, direction: "FORWARD" } as const;
    const refusal = await refusalOf(service.list({ search: "x".repeat(300) }, order, page));
    expect(refusal).toMatchObject({ code: "INVALID", field: ["filter", "search"] });
    const slugs = Array.from({ length: 1_001 }, (_, n) => `s${n}`);
    expect(await refusalOf(service.count({ slugs }, 10))).toMatchObject({ field: ["filter", "slugs"] });
  });
});
