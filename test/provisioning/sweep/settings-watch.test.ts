import { describe, expect, it } from "vitest";
import { silentLogger } from "../../../src/kit/logger.ts";
import { SettingsWatch } from "../../../src/provisioning/sweep/settings-watch.ts";
import type { ServerSettings } from "../../../src/provisioning/validation/server-survey.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";
import { aJob, anId, aServer, aSnapshot } from "../../support/builders.ts";

const go = new AbortController().signal;
const server = aServer({ name: "default" });
const inOrder: ServerSettings = {
  adminName: "control",
  localInfile: false,
  filesAnywhere: false,
  autoCreatesUsers: false,
  reachingEngines: [],
  anonymousAccounts: 0,
  everybodyHasGlobals: false,
  missingRights: [],
};

/** A watch over one server that shows these settings, one after the other. */
function bench(shown: readonly (Partial<ServerSettings> | ServerTrouble)[], known: readonly string[] = []) {
  const left = [...shown];
  const validated: unknown[] = [];
  const warned: unknown[] = [];
  const snapshot = aSnapshot();
  const watch = new SettingsWatch({
    source: {
      settings: async () => {
        const next = left.shift();
        if (!next) throw new TypeError("Nobody should look again.");
        if (next instanceof ServerTrouble) throw next;
        return { ...inOrder, ...next };
      },
      census: async () => snapshot,
    },
    servers: { list: async () => [server] },
    findings: {
      open: async () => ({
        edges: known.map((text) => {
          const [object = "", actual = ""] = text.split(" is ");
          return { node: finding(object, actual), cursor: text };
        }),
        hasNextPage: false,
        hasPreviousPage: false,
      }),
    },
    validation: {
      validate: async (filter) => {
        validated.push(filter);
        return aJob();
      },
    },
    logger: { ...silentLogger, warn: (data) => void warned.push(data) },
  });
  return { watch, validated, warned };
}

function finding(object: string, actual: string) {
  return {
    kind: "SERVER_SETTING" as const,
    severity: "WARNING" as const,
    object,
    actual,
    message: "",
    serverId: server.id,
    outcome: "REPORTED" as const,
    id: anId<"Finding">(),
    jobId: anId<"Job">(),
    observedAt: new Date(0),
  };
}

describe("the settings of a server after a start", () => {
  it("are no news where they are as they should be, and looked at once", async () => {
    const { watch, validated, warned } = bench([{}]);
    await watch.runOnce(go);
    await watch.runOnce(go);
    expect([validated, warned]).toEqual([[], []]);
  });

  it("are logged and written down where they are not", async () => {
    const { watch, validated, warned } = bench([{ localInfile: true, missingRights: ["PROCESS"] }]);
    await watch.runOnce(go);
    expect(validated).toEqual([{ serverId: server.id }]);
    expect(warned).toMatchObject([
      { serverId: server.id, setting: "default: local_infile", actual: "ON" },
      { serverId: server.id, setting: "default: admin rights", actual: "without PROCESS" },
    ]);
  });

  it("are written down once, and again when they have changed or are in order", async () => {
    const known = bench([{ localInfile: true }], ["default: local_infile is ON"]);
    await known.watch.runOnce(go);
    expect([known.validated.length, known.warned.length]).toEqual([0, 1]);
    const mended = bench([{}], ["default: local_infile is ON"]);
    await mended.watch.runOnce(go);
    expect(mended.validated).toHaveLength(1);
  });

  it("are looked at again when the server did not answer", async () => {
    const { watch, warned } = bench([new ServerTrouble("UNREACHABLE", "gone"), { localInfile: true }]);
    await watch.runOnce(go);
    expect(warned).toEqual([]);
    await watch.runOnce(go);
    expect(warned).toHaveLength(1);
  });
});
