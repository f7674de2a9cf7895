import { expect, it } from "vitest";
import type { AuditNote } from "../../src/access/audit.ts";
import type { Config } from "../../src/config.ts";
import { noFailpoints } from "../../src/kit/failpoints.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Teardown } from "../../src/kit/teardown.ts";
import { startAccess } from "../../src/wiring/access.ts";
import type { Stores } from "../../src/wiring/stores.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { anOrigin } from "../support/builders.ts";

it("writes down what was only counted of refused attempts, after a minute and before the service ends", async () => {
  const clock = new ManualClock();
  const written: AuditNote[] = [];
  const started = new Teardown();
  const stores = { audit: { append: async (note: AuditNote) => void written.push(note) } } as unknown as Stores;
  const tools = { clock, ids: uuidv7Ids, logger: silentLogger, failpoints: noFailpoints };
  const { audit } = startAccess({} as Config, stores, tools, started);
  const tryOften = async () => {
    const origin = anOrigin();
    for (let n = 0; n < 22; n += 1) await audit.denied("apiKeys", origin);
    return written.splice(0);
  };
  expect(await tryOften()).toHaveLength(20);
  await clock.advance(70_000);
  expect(written.splice(0)).toMatchObject([{ action: "apiKeys", note: expect.stringMatching(/^2 more/) }]);
  expect(await tryOften()).toHaveLength(20);
  await started.run();
  expect(written).toMatchObject([{ action: "apiKeys", note: expect.stringMatching(/^2 more/) }]);
});
