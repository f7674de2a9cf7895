import { expect, it } from "vitest";
import { NotFound } from "../../src/kit/domain-error.ts";
import type { Schedule } from "../../src/schedules/schedule.ts";
import type { UpsertSchedule } from "../../src/schedules/schedule-service.ts";
import { startedServer } from "../http/support/started-server.ts";
import { aJob, anId } from "../support/builders.ts";

const tenantId = anId<"Tenant">();
const job = aJob();
const schedule: Schedule = {
  id: anId<"Schedule">(),
  name: "nightly",
  run: { kind: "CONNECTION", options: { filter: { ids: [tenantId] }, retries: 1 } },
  cron: "0 3 * * *",
  timeZone: "UTC",
  enabled: true,
  nextRunAt: new Date("2026-01-02T03:00:00Z"),
  lastJobId: job.id,
  missedTotal: 0,
  createdAt: new Date("2026-01-01T00:00:00Z"),
  updatedAt: new Date("2026-01-01T00:00:00Z"),
};
const upsert = `mutation ($input: UpsertScheduleInput!) {
  upsertSchedule(input: $input) { schedule { id } userErrors { code field } }
}`;

async function api() {
  const wishes: UpsertSchedule[] = [];
  const { client } = await startedServer({
    schedules: {
      list: async () => [schedule],
      findMany: async (ids) => [schedule].filter(({ id }) => ids.includes(id)),
      upsert: async (wish) => {
        wishes.push(wish);
        return schedule;
      },
      remove: () => Promise.reject(new NotFound("There is no such schedule.", { field: ["input", "id"] })),
    },
    audit: { denied: async () => undefined },
    jobs: { findMany: async (ids) => [job].filter(({ id }) => ids.includes(id)) },
  });
  return { client, wishes };
}

it("shows a schedule, its options with ids that can be handed in again, and the job it started last", async () => {
  const { client } = await api();
  const id = `schedule_${schedule.id}`;
  const {
    schedules,
    schedule: one,
    node,
    none,
  } = await client("VIEWER").data(
    `query ($id: ID!) {
      schedules { id name kind options cron timeZone enabled nextRunAt lastMissedReason lastJob { id } }
      schedule(id: $id) { name }
      node(id: $id) { __typename id }
      none: schedule(id: "schedule_00000000-0000-0000-0000-000000000001") { name }
    }`,
    { id },
  );
  const options = JSON.stringify({ filter: { ids: [`tenant_${tenantId}`] }, retries: 1 });
  expect(schedules).toEqual([
    {
      id,
      name: "nightly",
      kind: "CONNECTION",
      options,
      cron: "0 3 * * *",
      timeZone: "UTC",
      enabled: true,
      nextRunAt: "2026-01-02T03:00:00.000Z",
      lastMissedReason: null,
      lastJob: { id: `job_${job.id}` },
    },
  ]);
  expect([one, node, none]).toEqual([{ name: "nightly" }, { __typename: "Schedule", id }, null]);
});

it("takes exactly one run, and null for what is left out", async () => {
  const { client, wishes } = await api();
  const input = { name: "n", cron: "0 3 * * *", id: null, timeZone: null, enabled: null };
  const send = async (run: object) =>
    (await client("OPERATOR").data(upsert, { input: { ...input, run } })).upsertSchedule;
  for (const run of [{}, { connectionTest: null }, { connectionTest: {}, validation: {} }]) {
    expect(await send(run)).toEqual({
      schedule: null,
      userErrors: [{ code: "INVALID", field: ["input", "run"] }],
    });
  }
  expect(wishes).toEqual([]);
  await send({ connectionTest: { retries: 0 }, isolationTest: null });
  expect(wishes).toMatchObject([
    {
      id: undefined,
      timeZone: undefined,
      enabled: undefined,
      run: { kind: "CONNECTION", options: { retries: 0 } },
      runField: ["input", "run", "connectionTest"],
    },
  ]);
});

it("answers NOT_FOUND for a schedule that there is not, and FORBIDDEN to viewers", async () => {
  const { client } = await api();
  const remove = `mutation { deleteSchedule(input: { id: "nonsense" }) { schedule { id } userErrors { code } } }`;
  expect(await client("OPERATOR").data(remove)).toEqual({
    deleteSchedule: { schedule: null, userErrors: [{ code: "NOT_FOUND" }] },
  });
  const { errors } = await client("VIEWER").send(remove);
  expect(errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
});
