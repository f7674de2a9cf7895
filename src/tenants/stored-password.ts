import { InvalidState } from "../kit/domain-error.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import { type SealedSecret, type SecretBox, SecretUnreadable } from "../kit/secret-box.ts";
import { passwordPlace } from "./admission.ts";

/** A tenant's password. @throws InvalidState when none of the configured keys opens it */
export function openPassword(secretBox: SecretBox, sealed: SealedSecret, id: TenantId): Secret {
  try {
    return secretBox.open(sealed, passwordPlace(id));
  } catch (cause) {
    if (!(cause instanceof SecretUnreadable)) throw cause;
    const message = "The stored password cannot be opened with the configured keys.";
    throw new InvalidState(message, { field: ["input", "id"], cause });
  }
}
