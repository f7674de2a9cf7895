import { Loop } from "../kit/loop.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import type { Teardown } from "../kit/teardown.ts";
import { ReencryptionService } from "../secrets/reencryption-service.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";
import type { Work } from "./work.ts";

/** Until the first look has succeeded, e.g. while the registry is out of reach; there is only one. */
const lookAgainMs = 30_000;

/** What seals secrets with a new key; from now on it looks by itself whether that is needed. */
export function startReencryption(
  given: { readonly stores: Stores; readonly work: Work; readonly secretBox: SecretBox },
  { ids, logger, clock }: Tools,
  started: Teardown,
): ReencryptionService {
  const { stores, work, secretBox } = given;
  const { secrets, jobs } = stores;
  const service = new ReencryptionService({ secrets, secretBox, jobs, ids, runner: work.runner, logger });
  const turn = (signal: AbortSignal) => service.runOnce(signal);
  const watch = new Loop("key watch", turn, () => lookAgainMs, clock, logger);
  started.defer(() => watch.stop());
  watch.start();
  return service;
}
