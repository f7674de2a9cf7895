import type { ApiKeyId, AuditEntryId, DomainId, Id, JobId, ScheduleId, ServerId, TenantId } from "../kit/ids.ts";

interface IdOf {
  readonly tenant: TenantId;
  readonly job: JobId;
  readonly run: JobId;
  readonly server: ServerId;
  readonly domain: DomainId;
  readonly key: ApiKeyId;
  readonly audit: AuditEntryId;
  readonly schedule: ScheduleId;
}

/** The word that an id of the API begins with; it says the id's type. */
export type IdKind = keyof IdOf;

/** An id that no thing has. What a malformed id becomes, where an unknown one is answered like any other. */
const nobody = "00000000-0000-0000-0000-000000000000";

const pattern = /^([a-z]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The id of the API, e.g. `tenant_0192…`. A test run and its job share a UUID, but not an id. */
export function globalId<Kind extends IdKind>(kind: Kind, id: IdOf[Kind]): string {
  return `${kind}_${id}`;
}

/** The id inside, if it is well formed and of this kind. */
export function parseGlobalId<Kind extends IdKind>(kind: Kind, text: string): IdOf[Kind] | undefined {
  const match = pattern.exec(text);
  return match?.[1] === kind ? brand<Kind>(match[2]) : undefined;
}

/** The id inside, or one that nothing has: a malformed id is an unknown id. */
export function idOrUnknown<Kind extends IdKind>(kind: Kind, text: string): IdOf[Kind] {
  return parseGlobalId(kind, text) ?? brand<Kind>(nobody);
}

/** The kind that a well-formed id says it is of. */
export function kindOf(text: string): string | undefined {
  return pattern.exec(text)?.[1];
}

function brand<Kind extends IdKind>(uuid: string | undefined): IdOf[Kind] {
  return (uuid ?? nobody) as Id<string> as IdOf[Kind];
}
