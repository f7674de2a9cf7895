import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { type Fleet, JobNotDone } from "../support/fleet.ts";

/** An isolation test attacks with every tenant, and asks no more of a tenant in a large run than of one in a small one. */
export const figure: Figure = {
  title: "Isolation test",
  async measure(bench) {
    const fleet = await bench.fleet();
    const [few, many] = [25, 200];
    const [small, large] = [await Run.of(bench, fleet, few), await Run.of(bench, fleet, many)];
    return [
      {
        what: `statements per tenant, ${many} tenants`,
        unit: "statements",
        ours: large.statements / many,
        beside: { what: `${few} tenants`, value: small.statements / few },
        ratio: large.statements / many / (small.statements / few),
        goal: { atMost: 1.1, floor: 1.5 },
        note: "The server's own count, the registry's statements among them.",
      },
      { what: `time per tenant, ${many} tenants`, unit: "ms", ours: large.ms / many },
    ];
  },
};

/** What a run over so many tenants took. */
class Run {
  private constructor(
    readonly statements: number,
    readonly ms: number,
  ) {}

  static async of(bench: Bench, fleet: Fleet, tenants: number): Promise<Run> {
    const before = await bench.database.statementsSent();
    const ms = await fleet.ended(await begin(fleet, tenants));
    return new Run((await bench.database.statementsSent()) - before, ms);
  }
}

/** @returns the job */
async function begin({ service }: Fleet, maxTenants: number): Promise<string> {
  const { startIsolationTest } = await service.client.data<{
    startIsolationTest: { testRun: { job: { id: string } } | null };
  }>(
    "mutation ($input: IsolationTestInput!) { startIsolationTest(input: $input) { testRun { job { id } } userErrors { message } } }",
    { input: { maxTenants } },
  );
  if (!startIsolationTest.testRun) throw new JobNotDone(JSON.stringify(startIsolationTest));
  return startIsolationTest.testRun.job.id;
}
