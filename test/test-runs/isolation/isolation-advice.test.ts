import { describe, expect, it } from "vitest";
import type { AttemptSeen } from "../../../src/test-runs/isolation/attempt.ts";
import { CauseFinder } from "../../../src/test-runs/isolation/cause-finder.ts";
import { IsolationAdvice } from "../../../src/test-runs/isolation/isolation-advice.ts";
import { leaksOf } from "../../../src/test-runs/isolation/leaks.ts";
import { Books } from "../../../src/test-runs/isolation/reach.ts";
import type { GrantSight, ServerSight } from "../../../src/test-runs/isolation/server-sight.ts";
import type { IsolationTestResult } from "../../../src/test-runs/test-run.ts";
import { anId } from "../../support/builders.ts";

const [ada, bob] = ["tntaaaaaaaa", "tntbbbbbbbb"] as const;
const labels = new Map<string, string>([
  [ada, "ada"],
  [bob, "bob"],
]);
const fleet = [...labels].map(([databaseName, label]) => ({ databaseName, label }));
const nothing: ServerSight = { accounts: [], grants: [], code: [], tables: [] };
const whole = { notReached: 0, cutShort: undefined, leftOut: 0 };

function reached(part: Partial<AttemptSeen> & Pick<AttemptSeen, "check" | "route">): AttemptSeen {
  return { statement: "SELECT 1", outcome: "REACHED", ...part };
}

function aGrant(part: Partial<GrantSight>): GrantSight {
  return { holder: ada, host: "%", level: "DATABASE", database: bob, object: "", privileges: ["SELECT"], ...part };
}

/** What is recommended when these tenants got this far, and the server's books show this. */
function advised(sight: ServerSight, seen: Readonly<Record<string, readonly AttemptSeen[]>>): readonly string[] {
  const books = new Books(sight);
  const finder = new CauseFinder(books, fleet, labels, { removal: () => ["STATEMENT"] });
  const advice = new IsolationAdvice();
  for (const [own, attempts] of Object.entries(seen)) {
    const found = finder.find(own, leaksOf(own, books), attempts);
    const result: IsolationTestResult = {
      ...{ kind: "ISOLATION", tenantId: anId<"Tenant">(), verdict: "FAIL", durationMs: 1, checks: [] },
      ...found,
    };
    advice.add(result, labels.get(own) ?? own);
  }
  return advice.recommendations(whole);
}

describe("the advice of an isolation test", () => {
  it("names what got through and no books explain, once for each kind of check", () => {
    const read = reached({ check: "CROSS_READ", route: "reading a row", victim: bob });
    const [one, ...more] = advised(nothing, { [ada]: [read, { ...read, route: "copying a table" }] });
    expect(more).toEqual([]);
    expect(one).toBe(
      "CROSS_READ: ada reached bob by reading a row, and the server's books show nothing that opens this way. " +
        "Find out what lets it through, and treat the data as seen.",
    );
  });

  it("names what a right does not explain beside the right", () => {
    const sight = { ...nothing, grants: [aGrant({})] };
    const texts = advised(sight, {
      [ada]: [
        reached({ check: "CROSS_READ", route: "reading a row", victim: bob }),
        reached({ check: "VISIBILITY", route: "listing databases", seen: bob }),
        reached({ check: "VISIBILITY", route: "listing databases", seen: "tntcccccccc" }),
        reached({ check: "ROLES", route: "taking a role" }),
      ],
    });
    expect(texts).toEqual([
      `ada reaches bob because '${ada}'@'%' has SELECT on ${bob}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: STATEMENT; Treat what could be read as seen.`,
      expect.stringMatching(/^ROLES: ada reached beyond its own by taking a role, and /),
      expect.stringMatching(/^VISIBILITY: ada reached beyond its own by listing databases, and /),
    ]);
  });

  it("makes one cause of one right that many have and that the server keeps in several rows", () => {
    const everybodys = aGrant({ holder: "PUBLIC", host: "", database: "tnt%" });
    const rows = ["SELECT", "INSERT"].map((privilege) =>
      aGrant({ level: "TABLE", object: "invoices", privileges: [privilege] }),
    );
    expect(advised({ ...nothing, grants: [everybodys] }, { [ada]: [], [bob]: [] })).toEqual([
      expect.stringMatching(
        /^2 tenants \(ada, bob\) reach ada, bob because PUBLIC, and with it every account, has SELECT on tnt%\.\*\./,
      ),
    ]);
    expect(advised({ ...nothing, grants: rows }, { [ada]: [] })).toEqual([
      expect.stringMatching(/^ada reaches bob because '.*' has SELECT, INSERT on tntbbbbbbbb\.invoices\./),
    ]);
  });

  it("tells of a session that was handed on whose bug that is", () => {
    const handedOn = reached({ check: "SESSION_STATE", route: "using a session that was lent before" });
    expect(advised(nothing, { [ada]: [handedOn], [bob]: [handedOn] })).toEqual([
      "SESSION_STATE: ada failed by using a session that was lent before (and 1 more tenants alike), and the server's books show nothing that opens this way. " +
        "Stop the service, and report it: this is a bug of its pools.",
    ]);
  });

  it("is silent where all is well, and bounded where everything is open", () => {
    expect(advised(nothing, { [ada]: [], [bob]: [] })).toEqual([]);
    const grants = Array.from({ length: 80 }, (_, n) => aGrant({ level: "TABLE", object: `table${n}` }));
    const texts = advised({ ...nothing, grants }, { [ada]: [] });
    expect(texts).toHaveLength(51);
    expect(texts.at(-1)).toBe("And others, met 30 times: see the results of the tenants that failed.");
  });
});
