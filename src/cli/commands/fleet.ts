import { type ExitCode, exitCodes } from "../exit-code.ts";
import {
  type AuditFilter,
  type FindingFilter,
  type FindingKind,
  ListAuditDocument,
  ListSchedulesDocument,
  ListServersDocument,
  OpenFindingsDocument,
  type Severity,
  ShowFleetDocument,
} from "../gql/graphql.ts";
import { cardText } from "../output/card.ts";
import { auditColumns, scheduleColumns, serverColumns } from "../output/fleet-columns.ts";
import { findingColumns } from "../output/job-columns.ts";
import type { Program } from "../program.ts";
import type { Session } from "../session.ts";
import { type ListOptions, printPages, withLimit } from "./lists.ts";
import { serverNamed, tenantNamed } from "./tenant-filter.ts";
import { findingKinds, many, severities, word } from "./words.ts";

interface FindingsOptions extends ListOptions {
  readonly kind?: readonly FindingKind[];
  readonly severity?: readonly Severity[];
  readonly tenant?: string;
  readonly server?: string;
}

interface AuditOptions extends ListOptions {
  readonly action?: string;
  readonly actor?: string;
  readonly subject?: string;
}

/** `status`, `servers`, `findings`, `audit` and `schedules`: what there is to be looked at. */
export function addFleet(program: Program): void {
  program.does(program.root.command("status").description("the fleet in figures, and who asks"), showFleet);
  const servers = program.root.command("servers").description("database servers");
  program.does(servers.command("list").description("every server that holds tenants"), async (session) => {
    const { databaseServers } = await (await session.api()).ask(ListServersDocument, {});
    session.printer.list(serverColumns, databaseServers, "No servers.");
    return exitCodes.passed;
  });
  const findings = program.root
    .command("findings")
    .description("what validations found and nobody has mended yet")
    .option("--kind <kind>", "of this kind; may be repeated", many(word(findingKinds)))
    .option("--severity <severity>", "critical, warning or info; may be repeated", many(word(severities)))
    .option("--tenant <slug or id>", "of this tenant")
    .option("--server <name or id>", "on this server");
  program.does(withLimit(findings), listFindings);
  const audit = program.root
    .command("audit")
    .description("who did what, newest first; needs the role ADMIN")
    .option("--action <name>", "name of the mutation, e.g. createTenant")
    .option("--actor <name or id>", "the API key that did it")
    .option("--subject <id>", "what it was done to");
  program.does(withLimit(audit), listAudit);
  const schedules = program.root.command("schedules").description("tests and validations that start by themselves");
  program.does(schedules.command("list").description("every schedule"), async (session) => {
    const found = await (await session.api()).ask(ListSchedulesDocument, {});
    session.printer.list(scheduleColumns, found.schedules, "No schedules.");
    return exitCodes.passed;
  });
}

async function showFleet(session: Session): Promise<ExitCode> {
  const { printer } = session;
  const api = await session.api();
  const shown = await api.ask(ShowFleetDocument, {});
  const { fleet, viewer } = shown;
  const text = cardText(
    [
      ["Service", api.url],
      ["Key", `${viewer.name} (${viewer.role})`],
      ...fleet.tenants.map(({ status, count }) => [`Tenants ${status.toLowerCase()}`, String(count)] as const),
      ["Newest migration", fleet.latestSchemaVersion],
      ...fleet.schemaVersions.map(
        ({ version, tenants }) => [`At ${version ?? "no version"}`, String(tenants)] as const,
      ),
      ["Running jobs", String(fleet.runningJobs)],
      ["Open findings", String(fleet.openFindings)],
    ],
    printer.paint,
  );
  printer.one([], shown, text);
  return exitCodes.passed;
}

async function listFindings(session: Session, options: FindingsOptions): Promise<ExitCode> {
  const { kind: kinds, severity, tenant, server } = options;
  const filter: FindingFilter = {
    ...(kinds && { kinds: [...kinds] }),
    ...(severity && { severities: [...severity] }),
    ...(tenant !== undefined && { tenantId: (await tenantNamed(session, tenant)).id }),
    ...(server !== undefined && { serverId: await serverNamed(session, server) }),
  };
  return printPages(session, options, findingColumns, "No open findings.", async (first, after) => {
    return (await (await session.api()).ask(OpenFindingsDocument, { first, after, filter })).findings;
  });
}

async function listAudit(session: Session, options: AuditOptions): Promise<ExitCode> {
  const { action, actor, subject } = options;
  const filter: AuditFilter = {
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { actor }),
    ...(subject !== undefined && { subject }),
  };
  return printPages(session, options, auditColumns, "No entries.", async (first, after) => {
    return (await (await session.api()).ask(ListAuditDocument, { first, after, filter })).auditLog;
  });
}
