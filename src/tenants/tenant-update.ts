import { InvalidInput } from "../kit/domain-error.ts";
import { parseLabels } from "./label.ts";
import { parseSlug } from "./slug.ts";
import { parseTenantName } from "./tenant-name.ts";
import type { TenantUpdate } from "./tenant-store.ts";

const maxReasonLength = 500;
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Checks what changes of a tenant's description; what is absent stays absent. @throws InvalidInput, ReservedName */
export function parseUpdate(update: TenantUpdate): TenantUpdate {
  const { id, name, slug, labels, expectedGeneration } = update;
  if (expectedGeneration !== undefined && (!Number.isInteger(expectedGeneration) || expectedGeneration < 1)) {
    throw new InvalidInput("A generation is a whole number from 1.", { field: ["input", "expectedGeneration"] });
  }
  return {
    id,
    name: name === undefined ? undefined : parseTenantName(name, ["input", "name"]),
    slug: slug === undefined ? undefined : parseSlug(slug, ["input", "slug"]),
    labels: labels === undefined ? undefined : parseLabels(labels, ["input", "labels"]),
    expectedGeneration,
  };
}

/** Why a connection is revealed, trimmed; undefined when nothing is said. @throws InvalidInput */
export function parseReason(text: string | undefined): string | undefined {
  const reason = text?.trim();
  if (reason === undefined || reason === "") return undefined;
  if ([...reason].length > maxReasonLength || unprintable.test(reason)) {
    throw new InvalidInput(`A reason has at most ${maxReasonLength} printable characters.`, {
      field: ["input", "reason"],
    });
  }
  return reason;
}
