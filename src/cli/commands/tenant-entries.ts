import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import type { ExitCode } from "../exit-code.ts";
import { CreateTenantDocument, type CreateTenantInput, CreateTestTenantsDocument } from "../gql/graphql.ts";
import type { Program } from "../program.ts";
import { jobWork } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { reportJob } from "./job-report.ts";
import { type PursuitOptions, pursue, withPursuit } from "./pursuit.ts";
import { serverNamed } from "./tenant-filter.ts";
import { reportTenant } from "./tenant-report.ts";
import { each, label, many, whole } from "./words.ts";

interface CreateOptions extends PursuitOptions {
  readonly name?: string;
  readonly domain?: readonly string[];
  readonly label?: readonly { readonly key: string; readonly value: string }[];
  readonly seed?: true;
  readonly server?: string;
  readonly idempotencyKey?: string;
}

interface CreateTestOptions extends PursuitOptions {
  readonly count: number;
  readonly prefix?: string;
  readonly seed?: true;
  readonly idempotencyKey?: string;
}

/** `tenants create` and `tenants create-test` */
export function addTenantEntries(program: Program, tenants: Command): void {
  const create = tenants
    .command("create")
    .argument("<slug>", "lower-case letters, digits and single inner hyphens")
    .description("enter a tenant, and make its database and account")
    .option("--name <name>", "what people call it; left out: the slug")
    .option("--domain <host name>", "may be repeated; the first is the primary one", many(String))
    .option("--label <key=value>", "may be repeated", each(label))
    .option("--seed", "run the tenant seed after the migrations")
    .option("--server <name or id>", "that is to hold it; left out: the service chooses");
  program.does(withKey(withPursuit(create)), createTenant);
  const createTest = tenants
    .command("create-test")
    .description("enter throw-away tenants with the label test=true")
    .option("--count <number>", "how many, 1 to 1000", whole(1), 10)
    .option("--prefix <text>", "what their slugs begin with; left out: test")
    .option("--seed", "run the tenant seed after the migrations");
  program.does(withKey(withPursuit(createTest)), createTestTenants);
}

function withKey(command: Command): Command {
  return command.option("--idempotency-key <key>", "doing it again with the same key does it once");
}

async function createTenant(
  session: Session,
  options: CreateOptions,
  [slug = ""]: readonly string[],
): Promise<ExitCode> {
  const { domain, label: labels, seed, server } = options;
  const input: CreateTenantInput = {
    slug,
    name: options.name ?? slug,
    // The same key with each try of ours: an answer that was lost does not make two.
    idempotencyKey: options.idempotencyKey ?? session.newKey(),
    ...(domain && { domains: [...domain] }),
    ...(labels && { labels: [...labels] }),
    ...(seed && { seed }),
    ...(server !== undefined && { serverId: await serverNamed(session, server) }),
  };
  let id = "";
  const start = async () => {
    const { answer } = await (await session.api()).change(CreateTenantDocument, { input }, true);
    const { tenant, job } = accepted(answer);
    id = tenant?.id ?? "";
    return job && jobWork(job.id);
  };
  const report = (jobId?: string) => reportTenant(session, id, jobId);
  return pursue(session, options, start, ({ jobId }) => report(jobId), report);
}

async function createTestTenants(session: Session, options: CreateTestOptions): Promise<ExitCode> {
  const { count, prefix, seed } = options;
  const input = {
    count,
    idempotencyKey: options.idempotencyKey ?? session.newKey(),
    ...(prefix !== undefined && { slugPrefix: prefix }),
    ...(seed && { seed }),
  };
  const start = async () => {
    const { answer } = await (await session.api()).change(CreateTestTenantsDocument, { input }, true);
    const { job } = accepted(answer);
    return job && jobWork(job.id);
  };
  return pursue(session, options, start, ({ jobId }) => reportJob(session, jobId));
}
