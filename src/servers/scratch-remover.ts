import type { ServerId } from "../kit/ids.ts";

/** Takes away what the service made for its own use on a tenant server. */
export interface ScratchRemover {
  /**
   * Drops what stands under these remembered names, whatever kinds of things it is; what is gone already is no trouble, and neither is a
   * tenant's database that is gone. @throws ServerTrouble, or the signal's reason
   */
  remove(serverId: ServerId, names: readonly string[], signal?: AbortSignal): Promise<void>;
}
