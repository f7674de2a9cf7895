import type { TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import { type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import { passwordPlace } from "../../tenants/admission.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";

/** The passwords that tenants' accounts must take. */
export class StoredPasswords {
  constructor(
    private readonly tenants: Pick<TenantStore, "passwordsOf">,
    private readonly secretBox: SecretBox,
  ) {}

  /** Those of these tenants that can be opened with the configured keys. */
  async openedOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, Secret>> {
    const opened = new Map<TenantId, Secret>();
    for (const [id, sealed] of await this.tenants.passwordsOf(ids)) {
      try {
        opened.set(id, this.secretBox.open(sealed, passwordPlace(id)));
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error;
      }
    }
    return opened;
  }
}
