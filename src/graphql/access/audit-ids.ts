/** How the audit log names kinds of things, and how the API's ids do. */
const kinds: readonly (readonly [inside: string, outside: string])[] = [
  ["Tenant", "tenant"],
  ["Job", "job"],
  ["TestRun", "run"],
  ["DatabaseServer", "server"],
  ["Domain", "domain"],
  ["ApiKey", "key"],
  ["Schedule", "schedule"],
];

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** How an entry shows an actor. Names of keys may have brackets too: only an id in them is one. */
const shownActor = /^.* \((key_[0-9a-f-]{36}|(?:jwt|schedule|tenantry):[!-~]+)\)$/s;

/** `Tenant:0192…` → `tenant_0192…`, an id that `node` takes. What is no id of the API stays as it is. */
export function toSubjectId(subject: string): string {
  const [inside, id = ""] = subject.split(":", 2);
  const outside = kinds.find(([kind]) => kind === inside)?.[1];
  return outside && uuid.test(id) ? `${outside}_${id}` : subject;
}

/** The other way. An id without its kind may be of any; a text that is no id of the API stays as it is. */
export function fromSubjectId(text: string): readonly string[] {
  if (uuid.test(text)) return kinds.map(([inside]) => `${inside}:${text}`);
  const [outside, id = ""] = text.split("_", 2);
  const inside = kinds.find(([, kind]) => kind === outside)?.[0];
  return [inside && uuid.test(id) ? `${inside}:${id}` : text];
}

/** The id of an actor: API keys have one of the API, others stay as they are. */
export function toActorId(actorId: string): string {
  return uuid.test(actorId) ? `key_${actorId}` : actorId;
}

/** What a filter by actor means inside: the id of an API key, else a name or another actor's id; also as an entry shows it. */
export function fromActorId(shown: string): string {
  const [, text = shown] = shownActor.exec(shown) ?? [];
  const id = text.replace(/^key_/, "");
  return uuid.test(id) ? id : text;
}
