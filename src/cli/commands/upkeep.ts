import { accepted } from "../api/accepted.ts";
import { ReencryptSecretsDocument, SetPoolDocument } from "../gql/graphql.ts";
import type { Program } from "../program.ts";
import { jobWork } from "../progress/work.ts";
import { reportJob } from "./job-report.ts";
import { type PursuitOptions, pursue, withPursuit } from "./pursuit.ts";
import { serverNamed } from "./tenant-filter.ts";
import { whole } from "./words.ts";

/** `pool set` and `reencrypt-secrets`: what is done for the service's own sake. */
export function addUpkeep(program: Program): void {
  const pool = program.root.command("pool").description("ready-made databases, which wait for a tenant");
  const set = pool
    .command("set")
    .argument("<server>", "name or id")
    .argument("<number>", "how many are to be kept, 0 to 1000", whole(0))
    .description("say how many a server keeps, and make or take away what differs; needs the role ADMIN");
  program.does<PursuitOptions>(withPursuit(set), (session, options, [server = "", number = ""]) => {
    const start = async () => {
      const input = { serverId: await serverNamed(session, server), target: Number(number) };
      // Said twice, it is the same number.
      const { job } = accepted((await (await session.api()).change(SetPoolDocument, { input }, true)).answer);
      return job && jobWork(job.id);
    };
    return pursue(session, options, start, ({ jobId }) => reportJob(session, jobId));
  });
  const reencrypt = program.root
    .command("reencrypt-secrets")
    .description("seal every stored password with the newest key; needs the role ADMIN");
  program.does<PursuitOptions>(withPursuit(reencrypt), (session, options) => {
    const start = async () => {
      // There is one such job at a time: asked twice, it is the same one.
      const { job } = accepted((await (await session.api()).change(ReencryptSecretsDocument, {}, true)).answer);
      return job && jobWork(job.id);
    };
    return pursue(session, options, start, ({ jobId }) => reportJob(session, jobId));
  });
}
