import { setImmediate as later } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { closeSocket } from "../../web/dashboard/api/socket.ts";

it("is closed without a word when it never came to be, as with a key that is refused", async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  process.on("unhandledRejection", hear);
  onTestFinished(() => void process.off("unhandledRejection", hear));
  const refused = { code: 4403, reason: "Forbidden" };
  closeSocket({ dispose: async () => Promise.reject(refused) });
  await later();
  expect(unheard).toEqual([]);
});
