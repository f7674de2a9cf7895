import { DomainError } from "../../kit/domain-error.ts";
import { Secret } from "../../kit/secret.ts";
import { canaryTable } from "../../servers/canary.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { AttackReport, AttackTrouble, AttemptSeen } from "../../test-runs/isolation/attempt.ts";
import type { AttackWish, CanaryRow } from "../../test-runs/isolation/isolation-ground.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { at } from "./attempt-spec.ts";
import { Attempts, isDenial } from "./attempts.ts";
import { routesTo, routesWithoutCanary, shortRoutesTo } from "./routes.ts";
import { serverWideSpecs, strangeSpecs } from "./server-wide-specs.ts";
import { lookAtSession, tracesOfTenant } from "./session-traces.ts";

/** Milliseconds for one attacker's session; where all is well it takes some twenty. */
const sessionMs = 30_000;
const logInMs = 5_000;

/** One attacker: a session of its own, in which everything is tried, and log-ins as the victim. */
export class Attack {
  readonly #seen: AttemptSeen[] = [];
  readonly #logins: AttemptSeen[] = [];

  constructor(
    private readonly sessions: Pick<ServerSessions, "withTenant">,
    private readonly wish: AttackWish,
  ) {}

  /** @throws only the signal's reason, or a bug */
  async run(): Promise<AttackReport> {
    const { serverId, attacker, signal } = this.wish;
    const { databaseName, password } = attacker;
    const startedAtMs = performance.now();
    const trouble = await this.#troubleOf(() =>
      this.sessions.withTenant({ serverId, signal, databaseName, password, deadlineMs: sessionMs }, (session) =>
        this.#use(session),
      ),
    );
    if (!trouble) await this.#logInAsVictim();
    const durationMs = Math.round((performance.now() - startedAtMs) * 1000) / 1000;
    return { attempts: this.#seen, logins: this.#logins, trouble, durationMs };
  }

  async #use(session: ServerSession): Promise<void> {
    const { attacker, main, others, far, strange, lab, bystanderSession, isNewSession, signal } = this.wish;
    const cast = { attacker, bystander: lab.bystander, role: lab.role, bystanderSession };
    this.#seen.push(...(await lookAtSession(session, attacker.databaseName, isNewSession)));
    // Whoever meets a lock meets a leak; it need not wait for long to tell.
    await session.run("SET SESSION innodb_lock_wait_timeout = 2, lock_wait_timeout = 2");
    this.#seen.push(await this.#lookAtOwnCanary(session));
    const attempts = new Attempts(session, signal);
    try {
      await attempts.try(routesTo(main, cast));
      await attempts.try(serverWideSpecs(main.databaseName, cast));
      for (const victim of others) await attempts.try(shortRoutesTo(victim));
      for (const party of far) await attempts.try(routesWithoutCanary(party));
      await attempts.try(strangeSpecs(strange));
    } finally {
      this.#seen.push(...attempts.seen);
    }
    await session.run(tracesOfTenant);
    await session.run("START TRANSACTION");
    await session.run(
      `INSERT INTO ${at(attacker.databaseName, canaryTable)} (id, token) VALUES (3, 'never committed')`,
    );
  }

  async #lookAtOwnCanary(session: ServerSession): Promise<AttemptSeen> {
    const { databaseName, token } = this.wish.attacker;
    const statement = `SELECT id, token FROM ${at(databaseName, canaryTable)}`;
    const look = { check: "DATA", route: "reading its own canary", statement } as const;
    try {
      const rows = await session.query<CanaryRow>(statement);
      const exact = rows.length === 1 && rows[0]?.id === 1 && rows[0].token === token;
      return exact ? { ...look, outcome: "CLEAN" } : { ...look, outcome: "REACHED", seen: "other rows than its own" };
    } catch (error) {
      if (!(error instanceof ServerTrouble) || error.errno === undefined) throw error;
      return { ...look, outcome: "UNEXPECTED", errno: error.errno, seen: error.message };
    }
  }

  async #logInAsVictim(): Promise<void> {
    const { attacker, main } = this.wish;
    await this.#logIn(main.databaseName, attacker.password, `the password of ${attacker.label}`);
    await this.#logIn(main.databaseName, new Secret(""), "an empty password");
  }

  async #logIn(victim: string, password: Secret, what: string): Promise<void> {
    const { serverId, signal } = this.wish;
    const login = { check: "ACCOUNT", route: `logging in with ${what}`, statement: "(log-in)", victim } as const;
    const trouble = await this.#troubleOf(() =>
      this.sessions.withTenant({ serverId, signal, databaseName: victim, password, deadlineMs: logInMs }, (session) =>
        session.query("SELECT 1"),
      ),
    );
    if (!trouble) this.#logins.push({ ...login, outcome: "REACHED" });
    else {
      const outcome = isDenial(trouble.errno) ? "DENIED" : "UNEXPECTED";
      this.#logins.push({ ...login, outcome, errno: trouble.errno, seen: trouble.message });
    }
  }

  /** @returns the trouble that `work` met, if any @throws the signal's reason, or a bug */
  async #troubleOf(
    work: () => Promise<unknown>,
  ): Promise<(AttackTrouble & { readonly errno: number | undefined }) | undefined> {
    const { signal } = this.wish;
    try {
      await work();
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      const errno = error instanceof ServerTrouble ? error.errno : undefined;
      return { code: error.code, message: error.message, errno };
    }
  }
}
