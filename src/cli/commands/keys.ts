import { accepted } from "../api/accepted.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import { CreateKeyDocument, ListKeysDocument, RevokeKeyDocument, type Role } from "../gql/graphql.ts";
import { keyColumns } from "../output/fleet-columns.ts";
import type { Program } from "../program.ts";
import type { Session } from "../session.ts";
import { confirm } from "./confirm.ts";
import { moment, roles, word } from "./words.ts";

interface CreateOptions {
  readonly role: Role;
  readonly expires?: string;
}

/** `keys …` */
export function addKeys(program: Program): void {
  const keys = program.root.command("keys").description("API keys; needs the role ADMIN");
  program.does(keys.command("list").description("all keys, newest first"), async (session) => {
    const { apiKeys } = await (await session.api()).ask(ListKeysDocument, {});
    session.printer.list(keyColumns, apiKeys, "No keys.");
    return exitCodes.passed;
  });
  const create = keys
    .command("create")
    .argument("<name>", "what people call it")
    .description("make a key, and print its secret, which is shown only now")
    .option("--role <role>", "viewer, operator or admin", word(roles), "VIEWER")
    .option("--expires <date>", "from when on it opens nothing", moment);
  program.does(create, createKey);
  const revoke = keys
    .command("revoke")
    .argument("<key>", "its id, or its name if no other key has it")
    .description("end a key for good")
    .option("-y, --yes", "ask nothing");
  program.does(revoke, revokeKey);
}

async function createKey(session: Session, options: CreateOptions, [name = ""]: readonly string[]): Promise<ExitCode> {
  const input = { name, role: options.role, ...(options.expires !== undefined && { expiresAt: options.expires }) };
  const { answer } = await (await session.api()).change(CreateKeyDocument, { input }, false);
  const { apiKey, secret } = accepted(answer);
  const made = { ...apiKey, secret };
  const columns = [
    { name: "id", value: () => apiKey?.id },
    { name: "name", value: () => apiKey?.name },
    { name: "role", value: () => apiKey?.role },
    { name: "secret", value: () => secret },
  ];
  session.printer.one(columns, made, `${secret}\n`);
  session.printer.note(`${apiKey?.id} ${apiKey?.role}: the secret is shown only now.`);
  return exitCodes.passed;
}

async function revokeKey(
  session: Session,
  { yes }: { readonly yes?: true },
  [name = ""]: readonly string[],
): Promise<ExitCode> {
  const { apiKeys } = await (await session.api()).ask(ListKeysDocument, {});
  const found = apiKeys.filter((key) => key.id === name || (key.name === name && key.revokedAt === null));
  const [key] = found;
  if (!key) throw new UsageFailure(`There is no key "${name}".`);
  if (found.length > 1) throw new UsageFailure(`Several keys are called "${name}": name one by its id.`);
  if (!yes) await confirm(session, `Whoever uses the key "${key.name}" (${key.role}) is shut out.`, "yes");
  accepted((await (await session.api()).change(RevokeKeyDocument, { id: key.id }, true)).answer);
  session.printer.note(`${key.id} is revoked.`);
  return exitCodes.passed;
}
