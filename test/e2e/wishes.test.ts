import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  AddDomainDocument,
  ChangeTenantDocument,
  type CreateTenantInput,
  EnterTenantDocument,
  EnterTenantsDocument,
  EnterTestTenantsDocument,
  OneTenantDocument,
  RetryTenantDocument,
  RevealDocument,
  TenantChangesDocument,
  TenantsDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { Stage } from "./support/stage.ts";
import { allTenants, endOfJob, enterTenant, enterTestTenants } from "./support/steps.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
}, 60_000);

afterAll(() => stage?.close());

/** Rows of everything that a wish may enter. */
async function counts() {
  const [row] = await stage.rows(
    `SELECT (SELECT COUNT(*) FROM tenants) tenants, (SELECT COUNT(*) FROM domains) domains,
            (SELECT COUNT(*) FROM tenant_labels) labels, (SELECT COUNT(*) FROM jobs) jobs,
            (SELECT COUNT(*) FROM job_items) items, (SELECT COUNT(*) FROM idempotency_keys) idempotencyKeys`,
  );
  return row;
}

const enter = (input: CreateTenantInput) => stage.api.data(EnterTenantDocument, { input });
const twenty = Array.from({ length: 20 }, (_, index) => index);

describe("a wish that is repeated under its idempotency key", () => {
  it("is entered once, and answered alike, when twenty come at once", async () => {
    const input = { slug: "once", name: "Once", idempotencyKey: "once-key", domains: ["once.example"] };
    const answers = await Promise.all(twenty.map(() => enter(input)));
    const [first] = answers;
    expect(first?.createTenant.userErrors).toEqual([]);
    for (const { createTenant } of answers) {
      expect(createTenant.tenant?.id).toBe(first?.createTenant.tenant?.id);
      expect(createTenant.job?.id).toBe(first?.createTenant.job?.id);
    }
    expect(await stage.rows("SELECT slug FROM tenants WHERE slug = 'once'")).toHaveLength(1);
  });

  it("is answered alike after its tenant is ACTIVE, and after a restart of the service", async () => {
    const input = { slug: "again", name: "Again", idempotencyKey: "again-key" };
    const { createTenant } = await enter(input);
    await endOfJob(stage.api, createTenant.job?.id ?? "");
    expect((await enter(input)).createTenant.tenant).toMatchObject({ id: createTenant.tenant?.id, status: "ACTIVE" });
    expect(await stage.stop()).toBe(0);
    await stage.start();
    expect((await enter(input)).createTenant.job).toMatchObject({ id: createTenant.job?.id, status: "SUCCEEDED" });
  });

  it("is refused with another input, or for another mutation", async () => {
    await enter({ slug: "keyed", name: "Keyed", idempotencyKey: "keyed-key" });
    const other = await enter({ slug: "keyed-2", name: "Keyed", idempotencyKey: "keyed-key" });
    expect(other.createTenant).toMatchObject({ tenant: null, userErrors: [{ code: "IDEMPOTENCY_KEY_REUSED" }] });
    const many = await stage.api.data(EnterTestTenantsDocument, { input: { count: 1, idempotencyKey: "keyed-key" } });
    expect(many.createTestTenants).toMatchObject({ tenants: [], userErrors: [{ code: "IDEMPOTENCY_KEY_REUSED" }] });
  });

  it("enters the same throw-away tenants once, when twenty ask at once", async () => {
    const input = { count: 3, slugPrefix: "flock", idempotencyKey: "flock-key" };
    const answers = await Promise.all(twenty.map(() => stage.api.data(EnterTestTenantsDocument, { input })));
    const slugs = answers.map(({ createTestTenants }) => createTestTenants.tenants.map(({ slug }) => slug).join());
    expect(new Set(slugs)).toEqual(new Set(["flock-0001,flock-0002,flock-0003"]));
    expect(await stage.rows("SELECT slug FROM tenants WHERE slug LIKE 'flock-%'")).toHaveLength(3);
  });
});

describe("twenty who want the same at once", () => {
  it("get one tenant of a slug, and nineteen refusals", async () => {
    const answers = await Promise.all(twenty.map((n) => enter({ slug: "wanted", name: `Wanted ${n}` })));
    const codes = answers.map(({ createTenant }) => createTenant.userErrors[0]?.code ?? "WON");
    expect(codes.toSorted()).toEqual([...Array(19).fill("SLUG_TAKEN"), "WON"]);
    expect(answers.filter(({ createTenant }) => createTenant.tenant)).toHaveLength(1);
    const refused = answers.find(({ createTenant }) => !createTenant.tenant);
    expect(refused?.createTenant.userErrors[0]?.field).toEqual(["input", "slug"]);
  });

  it("get one tenant with a domain, however it is written", async () => {
    const written = ["ONE.example", "one.example", "One.Example"];
    const answers = await Promise.all(
      twenty.map((n) => enter({ slug: `domain-${n}`, name: "Domain", domains: [written[n % 3] ?? ""] })),
    );
    const codes = answers.map(({ createTenant }) => createTenant.userErrors[0]?.code ?? "WON");
    expect(codes.toSorted()).toEqual([...Array(19).fill("DOMAIN_TAKEN"), "WON"]);
    expect(await stage.rows("SELECT slug FROM tenants WHERE slug LIKE 'domain-%'")).toHaveLength(1);
  });

  it("get one domain when tenants that exist ask for it", async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) ids.push((await enterTenant(stage.api, { slug: `asker-${n}`, name: "Asker" })).id);
    const answers = await Promise.all(
      ids.map((tenantId) => stage.api.data(AddDomainDocument, { input: { tenantId, hostname: "asked.example" } })),
    );
    const codes = answers.map(({ addTenantDomain }) => addTenantDomain.userErrors[0]?.code ?? "WON");
    expect(codes.toSorted()).toEqual(["DOMAIN_TAKEN", "DOMAIN_TAKEN", "DOMAIN_TAKEN", "WON"]);
  });

  it("get numbers of their own for throw-away tenants", async () => {
    const input = { count: 2, slugPrefix: "herd" };
    const answers = await Promise.all(twenty.map(() => stage.api.data(EnterTestTenantsDocument, { input })));
    const slugs = answers.flatMap(({ createTestTenants }) => createTestTenants.tenants.map(({ slug }) => slug));
    expect(answers.flatMap(({ createTestTenants }) => createTestTenants.userErrors)).toEqual([]);
    expect(new Set(slugs).size).toBe(40);
  });

  it("change a tenant once each, in some order, or are told that they came too late", async () => {
    const { id } = await enterTenant(stage.api, { slug: "changing", name: "Changing" });
    const { tenant } = await stage.api.data(OneTenantDocument, { id });
    const before = tenant?.generation ?? 0;
    const answers = await Promise.all(
      twenty.map((n) =>
        stage.api.data(ChangeTenantDocument, { input: { id, name: `Name ${n}`, expectedGeneration: before } }),
      ),
    );
    const won = answers.filter(({ updateTenant }) => updateTenant.userErrors.length === 0);
    const lost = answers.filter(({ updateTenant }) => updateTenant.userErrors[0]?.code === "STALE_GENERATION");
    // The provisioning, too, changes the tenant, and may have come first.
    expect(won.length).toBeLessThanOrEqual(1);
    expect(won.length + lost.length).toBe(20);
  });
});

const long = "a".repeat(64);
const badTenants: readonly [what: string, input: Partial<CreateTenantInput>, code: string, field: string][] = [
  ["a slug of one character", { slug: "a" }, "INVALID", "slug"],
  ["a slug of 64 characters", { slug: long }, "INVALID", "slug"],
  ["an empty slug", { slug: "" }, "INVALID", "slug"],
  ["a slug with capitals", { slug: "Acme" }, "INVALID", "slug"],
  ["a slug with a space at its end", { slug: "acme " }, "INVALID", "slug"],
  ["a slug with two hyphens", { slug: "ac--me" }, "INVALID", "slug"],
  ["a slug that begins with a hyphen", { slug: "-acme" }, "INVALID", "slug"],
  ["a slug that ends with a hyphen", { slug: "acme-" }, "INVALID", "slug"],
  ["a slug with an underscore", { slug: "ac_me" }, "INVALID", "slug"],
  ["a slug with a wildcard", { slug: "ac%me" }, "INVALID", "slug"],
  ["a slug with a line break", { slug: "acme\n" }, "INVALID", "slug"],
  ["a slug with a zero byte", { slug: "ac\u0000me" }, "INVALID", "slug"],
  ["a slug with a letter that only looks like one", { slug: "аcme" }, "INVALID", "slug"],
  ["a slug that would be SQL", { slug: "a'; drop table tenants; --" }, "INVALID", "slug"],
  ["a slug that MySQL means", { slug: "information-schema" }, "RESERVED_NAME", "slug"],
  ["a slug that an operator means", { slug: "admin" }, "RESERVED_NAME", "slug"],
  ["an empty name", { name: "" }, "INVALID", "name"],
  ["a name of spaces", { name: "   " }, "INVALID", "name"],
  ["a name of 201 characters", { name: "n".repeat(201) }, "INVALID", "name"],
  ["a name with a control character", { name: "a\u0007b" }, "INVALID", "name"],
  ["a host name with a port", { domains: ["acme.example:8080"] }, "INVALID", "domains.0"],
  ["a host name with a wildcard", { domains: ["*.acme.example"] }, "INVALID", "domains.0"],
  ["an IPv4 address", { domains: ["192.0.2.1"] }, "INVALID", "domains.0"],
  ["an IPv4 address in another guise", { domains: ["0x7f.1"] }, "INVALID", "domains.0"],
  ["an IPv6 address", { domains: ["[2001:db8::1]"] }, "INVALID", "domains.0"],
  ["a bare IPv6 address", { domains: ["2001:db8::1"] }, "INVALID", "domains.0"],
  ["a URL", { domains: ["https://acme.example/"] }, "INVALID", "domains.0"],
  ["a host name of one part", { domains: ["localhost"] }, "INVALID", "domains.0"],
  ["a host name that ends in a dot", { domains: ["acme.example."] }, "INVALID", "domains.0"],
  ["a host name with an empty part", { domains: ["acme..example"] }, "INVALID", "domains.0"],
  ["a host name with a part of 64 characters", { domains: [`${long}.example`] }, "INVALID", "domains.0"],
  ["a host name of 254 characters", { domains: [`${"a.".repeat(124)}example`] }, "INVALID", "domains.0"],
  ["a host name with a space", { domains: ["ac me.example"] }, "INVALID", "domains.0"],
  ["a host name with an underscore", { domains: ["ac_me.example"] }, "INVALID", "domains.0"],
  ["an empty host name", { domains: [""] }, "INVALID", "domains.0"],
  ["the second of two host names", { domains: ["fine.example", "not fine"] }, "INVALID", "domains.1"],
  ["one host name twice", { domains: ["twice.example", "TWICE.example"] }, "INVALID", "domains.1"],
  ["101 host names", { domains: Array.from({ length: 101 }, (_, n) => `h${n}.example`) }, "INVALID", "domains"],
  ["a label with an empty key", { labels: [{ key: "", value: "x" }] }, "INVALID", "labels.0.key"],
  ["a label with a key of capitals", { labels: [{ key: "Plan", value: "x" }] }, "INVALID", "labels.0.key"],
  [
    "a label twice",
    {
      labels: [
        { key: "plan", value: "a" },
        { key: "plan", value: "b" },
      ],
    },
    "INVALID",
    "labels.1.key",
  ],
  [
    "a label's value of 256 characters",
    { labels: [{ key: "k", value: "v".repeat(256) }] },
    "INVALID",
    "labels.0.value",
  ],
  ["33 labels", { labels: Array.from({ length: 33 }, (_, n) => ({ key: `k${n}`, value: "" })) }, "INVALID", "labels"],
  ["a server that there is not", { serverId: "server_00000000-0000-7000-8000-000000000000" }, "NOT_FOUND", "serverId"],
  ["a server id that is none", { serverId: "1 OR 1=1" }, "NOT_FOUND", "serverId"],
  ["an empty idempotency key", { idempotencyKey: "" }, "INVALID", "idempotencyKey"],
  ["an idempotency key of 201 characters", { idempotencyKey: "k".repeat(201) }, "INVALID", "idempotencyKey"],
];

describe("a wish that is refused", () => {
  it.each(badTenants)("for %s changes nothing, and names the field", async (_what, bad, code, field) => {
    const before = await counts();
    const { createTenant } = await enter({ slug: "fine", name: "Fine", ...bad });
    expect(createTenant).toMatchObject({ tenant: null, job: null });
    expect(createTenant.userErrors).toMatchObject([{ code, field: ["input", ...field.split(".")] }]);
    expect(await counts()).toEqual(before);
  });

  it("names the entry of a batch that is wrong, and enters none of it", async () => {
    const before = await counts();
    const tenants = [
      { slug: "batch-1", name: "One" },
      { slug: "batch-2", name: "Two", domains: ["batch.example", "10.0.0.1"] },
    ];
    const { createTenants } = await stage.api.data(EnterTenantsDocument, { input: { tenants } });
    expect(createTenants).toMatchObject({ tenants: [], job: null });
    expect(createTenants.userErrors).toMatchObject([
      { code: "INVALID", field: ["input", "tenants", "1", "domains", "1"] },
    ]);
    expect(await counts()).toEqual(before);
  });

  it("enters none of a batch of which one slug is taken, and names that one", async () => {
    await enterTenant(stage.api, { slug: "batch-taken", name: "Taken" });
    const before = await counts();
    const tenants = [
      { slug: "batch-free", name: "Free" },
      { slug: "batch-taken", name: "Taken" },
    ];
    const { createTenants } = await stage.api.data(EnterTenantsDocument, { input: { tenants } });
    expect(createTenants.userErrors).toMatchObject([{ code: "SLUG_TAKEN", field: ["input", "tenants", "1", "slug"] }]);
    expect(await counts()).toEqual(before);
  });

  it.each([0, -1, 1_001, 2_147_483_647])("for %d throw-away tenants", async (count) => {
    const before = await counts();
    const { createTestTenants } = await stage.api.data(EnterTestTenantsDocument, { input: { count } });
    expect(createTestTenants.userErrors).toMatchObject([{ code: "INVALID", field: ["input", "count"] }]);
    expect(await counts()).toEqual(before);
  });

  it.each(["", "A", "-a", "a--b", "x".repeat(57), "a_b"])("for the slug prefix %j", async (slugPrefix) => {
    const before = await counts();
    const { createTestTenants } = await stage.api.data(EnterTestTenantsDocument, { input: { count: 1, slugPrefix } });
    expect(createTestTenants.userErrors).toMatchObject([{ code: "INVALID", field: ["input", "slugPrefix"] }]);
    expect(await counts()).toEqual(before);
  });

  it("writes host names in lower case, and names of other scripts as punycode", async () => {
    const { createTenant } = await enter({ slug: "idn", name: "IDN", domains: ["Bücher.Example", "例え.jp"] });
    expect(createTenant.tenant?.domains).toEqual([
      { hostname: "xn--bcher-kva.example", isPrimary: true },
      { hostname: "xn--r8jz45g.jp", isPrimary: false },
    ]);
  });

  it("takes null for what is left out", async () => {
    const nothing = { domains: null, labels: null, serverId: null, seed: null, idempotencyKey: null };
    const { createTenant } = await enter({ slug: "nulls", name: "Nulls", ...nothing });
    expect(createTenant).toMatchObject({ userErrors: [], tenant: { domains: [], labels: [] } });
  });
});

describe("an id that nothing has", () => {
  const unknown = [
    "tenant_00000000-0000-7000-8000-000000000000",
    "job_00000000-0000-7000-8000-000000000000",
    "",
    "tenant_",
    "1",
    "' OR ''='",
    "tenant_../../etc/passwd",
    "x".repeat(10_000),
  ];

  it.each(
    unknown.map((id): [string, string] => [id.slice(0, 40), id]),
  )("%j is null to a query and NOT_FOUND to a mutation", async (_shown, id) => {
    expect(await stage.api.data(OneTenantDocument, { id })).toEqual({ tenant: null, node: null });
    const found = [
      (await stage.api.data(RetryTenantDocument, { id })).retryTenant.userErrors,
      (await stage.api.data(RevealDocument, { input: { id } })).revealTenantConnection.userErrors,
      (await stage.api.data(ChangeTenantDocument, { input: { id, name: "X" } })).updateTenant.userErrors,
    ];
    for (const errors of found) expect(errors).toMatchObject([{ code: "NOT_FOUND", field: ["input", "id"] }]);
    const input = { tenantId: id, hostname: "nobody.example" };
    const { addTenantDomain } = await stage.api.data(AddDomainDocument, { input });
    expect(addTenantDomain.userErrors).toMatchObject([{ code: "NOT_FOUND", field: ["input", "tenantId"] }]);
  });
});

describe("a page that cannot be had", () => {
  const pages = [
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { last: 0 },
    { last: 101 },
    { first: 5, last: 5 },
    { after: "not a cursor" },
    { before: "" },
    { after: Buffer.from("[1,2]").toString("base64") },
  ];
  it.each(pages)("%j is BAD_USER_INPUT", async (page) => {
    const { errors } = await stage.api.send(TenantsDocument, page);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    expect(JSON.stringify(errors)).not.toMatch(/SELECT|node_modules|\.ts:/);
  });
});

describe("what the API answers to what is no request", () => {
  it.each([
    ["broken JSON", "{"],
    ["no object", "[1]"],
    ["no query", "{}"],
    ["a query that is none", JSON.stringify({ query: 7 })],
    ["a syntax error", JSON.stringify({ query: "{ viewer {" })],
    ["an unknown field", JSON.stringify({ query: "{ secrets }" })],
    [
      "a variable of the wrong type",
      JSON.stringify({ query: "query($n: Int) { tenants(first: $n) { totalCount } }", variables: { n: "x" } }),
    ],
  ])("is JSON with a code: %s", async (_what, body) => {
    const response = await stage.api.post(body);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(JSON.stringify(errors)).not.toMatch(/node_modules|at .*\.js|\/src\//);
  });
});

describe("a change of a tenant", () => {
  it("is told to those whose filter it matches, before or after, and to nobody else", async () => {
    const { id, jobId } = await enterTenant(stage.api, { slug: "watched", name: "Watched" });
    await endOfJob(stage.api, jobId);
    const seen: string[] = [];
    const watching = stage.api.stream(TenantChangesDocument, { filter: { labels: [{ key: "tier", value: "gold" }] } });
    const watched = (async () => {
      for await (const { data } of watching) {
        seen.push(`${data?.tenantChanged.name} ${data?.tenantChanged.labels.map(({ value }) => value).join()}`);
        if (data?.tenantChanged.name === "Last") break;
      }
    })();
    const change = (input: { name?: string; labels?: { key: string; value: string }[] }) =>
      stage.api.data(ChangeTenantDocument, { input: { id, ...input } });
    // Nobody says when a subscription has begun: changes that do not match are made until one that does is seen.
    const gold = [{ key: "tier", value: "gold" }];
    for (let n = 0; seen.length === 0; n += 1) await change({ name: `Gold ${n}`, labels: gold });
    seen.length = 0;
    await change({ name: "Silver", labels: [{ key: "tier", value: "silver" }] });
    await change({ name: "Unseen" });
    await change({ name: "Last", labels: gold });
    await watched;
    expect(seen.filter((each) => !each.startsWith("Gold"))).toEqual(["Silver silver", "Last gold"]);
  });

  it("of many tenants through their provisioning is told to its end", async () => {
    const active = new Set<string>();
    const watching = stage.api.stream(TenantChangesDocument, { filter: { search: "parade-" } });
    const watched = (async () => {
      for await (const { data } of watching) {
        if (data?.tenantChanged.status === "ACTIVE") active.add(data.tenantChanged.slug);
        if (data?.tenantChanged.name === "Done") break;
      }
    })();
    const { createTestTenants } = await stage.api.data(EnterTestTenantsDocument, {
      input: { count: 5, slugPrefix: "parade" },
    });
    await endOfJob(stage.api, createTestTenants.job?.id ?? "");
    await stage.api.data(ChangeTenantDocument, { input: { id: createTestTenants.tenants[0]?.id ?? "", name: "Done" } });
    await watched;
    expect(active.size).toBe(5);
  });
});

describe("throw-away tenants", () => {
  it("get their sample data when it is asked for", async () => {
    const job = await endOfJob(stage.api, await enterTestTenants(stage.api, 1, { seed: true }));
    const [seeded] = await allTenants(stage.api, { slugs: job.items.nodes.map(({ tenant }) => tenant.slug) });
    const [count] = await stage.sql(`SELECT COUNT(*) AS users FROM ${seeded?.databaseName}.users`);
    expect(Number(count?.users)).toBeGreaterThan(0);
  });
});
