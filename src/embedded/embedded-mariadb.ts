import { rm } from "node:fs/promises";
import { type Clock, systemClock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import { Secret } from "../kit/secret.ts";
import { bootstrap } from "./bootstrap.ts";
import { inspectMariaDb, type MariaDbInstallation } from "./mariadb-installation.ts";
import { writePrivateFile } from "./private-file.ts";
import { type ServerManner, serverArguments } from "./server-arguments.ts";
import { type ServerAccount, ServerFolder } from "./server-folder.ts";
import { freePort, ServerProcess } from "./server-process.ts";

/** How the private MariaDB is started. */
export interface EmbeddedMariaDbOptions {
  /** Everything lies below `mariadb/` in it. Its lock is the caller's. */
  readonly dataDir: string;
  /** Path of `mariadbd`. */
  readonly binary: string;
  readonly logger: Logger;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  /** `false` lets a power cut lose the last second; for tests. */
  readonly durable?: boolean;
  /** `true` lets anybody put tables into folders of their choice; for tests of what comes of it. */
  readonly symbolicLinks?: boolean;
  readonly clock?: Clock;
}

/** Recovery of a big redo log takes a minute on a slow disk. */
const startDeadlineMs = 120_000;
/** The whole service has ten seconds to stop. */
const stopPatienceMs = 7_000;
const host = "127.0.0.1";

/** The private MariaDB: made, started or adopted, kept running, stopped. */
export class EmbeddedMariaDb {
  readonly host = host;
  readonly port: number;
  /** `mysql://user:password@127.0.0.1:port/` of an admin, without a database. */
  readonly url: Secret;
  readonly #watch: Loop;

  private constructor(
    private readonly keeper: ServerKeeper,
    account: ServerAccount,
    clock: Clock,
    logger: Logger,
  ) {
    this.port = account.port;
    this.url = new Secret(`mysql://${account.username}:${account.password}@${host}:${account.port}/`);
    this.#watch = new Loop(
      "private MariaDB",
      (signal) => keeper.ensureUp(signal),
      () => 1_000,
      clock,
      logger,
    );
  }

  /** Whether there is a private database already. */
  static async exists(dataDir: string): Promise<boolean> {
    return new ServerFolder(dataDir).hasData();
  }

  /**
   * Adopts the server that runs on the data directory, or starts one, after making its data folder when there is none.
   * @throws UnusableMariaDb, BootstrapFailed, ServerNotUp, or the signal's reason
   */
  static async start(options: EmbeddedMariaDbOptions): Promise<EmbeddedMariaDb> {
    const { logger, signal, durable = true, symbolicLinks = false, clock = systemClock } = options;
    const folder = new ServerFolder(options.dataDir);
    const installation = await inspectMariaDb(options.binary);
    await folder.make();
    const keeper = new ServerKeeper(installation, folder, { durable, symbolicLinks }, clock, logger);
    try {
      const account = (await keeper.adopt()) ?? (await keeper.launchFirst(signal));
      await keeper.untilUp(signal);
      const server = new EmbeddedMariaDb(keeper, account, clock, logger);
      server.#watch.start();
      return server;
    } catch (error) {
      await keeper.stop();
      throw error;
    }
  }

  /** Stops what a killed service left running on a data directory, if anything. */
  static async stopLeftover(dataDir: string, clock: Clock = systemClock): Promise<void> {
    const folder = new ServerFolder(dataDir);
    const left = await ServerProcess.adopt(folder, clock);
    await left?.stop(stopPatienceMs);
    await folder.tidy();
  }

  /** Stops it, no matter who started it. */
  async stop(): Promise<void> {
    await this.#watch.stop();
    await this.keeper.stop();
  }
}

/** Holds the one process, and puts another in its place when it dies. */
class ServerKeeper {
  #process: ServerProcess | undefined;

  constructor(
    private readonly installation: MariaDbInstallation,
    private readonly folder: ServerFolder,
    private readonly manner: ServerManner,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async adopt(): Promise<ServerAccount | undefined> {
    this.#process = await ServerProcess.adopt(this.folder, this.clock);
    if (!this.#process) return undefined;
    this.logger.info({ pid: this.#process.pid, port: this.#process.port }, "private MariaDB adopted");
    return { ...(await this.folder.account()), port: this.#process.port };
  }

  async launchFirst(signal: AbortSignal | undefined): Promise<ServerAccount> {
    const known = await this.folder.account();
    const account = { ...known, port: await freePort(known.port) };
    await this.folder.saveAccount(account);
    if (!(await this.folder.hasData())) {
      this.logger.info({ version: this.installation.version, folder: this.folder.data }, "private MariaDB is made");
      await bootstrap(this.installation, this.folder, signal);
    }
    await this.#launch(account);
    return account;
  }

  async untilUp(signal: AbortSignal | undefined): Promise<void> {
    const startedAtMs = this.clock.monotonicMs();
    await this.#process?.untilUp(startDeadlineMs, signal);
    // It held the admin's password in clear text; the account is there now.
    await rm(this.folder.initFile, { force: true });
    const ms = Math.round(this.clock.monotonicMs() - startedAtMs);
    this.logger.info({ pid: this.#process?.pid, port: this.#process?.port, ms }, "private MariaDB is up");
  }

  async ensureUp(signal: AbortSignal): Promise<void> {
    if (await this.#process?.alive()) return;
    this.logger.warn({ pid: this.#process?.pid }, "private MariaDB died and is started again");
    await this.#launch(await this.folder.account());
    await this.untilUp(signal);
  }

  async stop(): Promise<void> {
    const went = await this.#process?.stop(stopPatienceMs);
    if (went === false) this.logger.warn({ pid: this.#process?.pid }, "private MariaDB did not stop and was killed");
    await this.folder.tidy();
  }

  async #launch(account: ServerAccount): Promise<void> {
    const { installation, folder } = this;
    await writePrivateFile(folder.initFile, initStatements(account));
    this.#process = await ServerProcess.spawn(
      {
        binary: installation.binary,
        args: serverArguments(installation, folder, { port: account.port, ...this.manner }),
        env: installation.env,
        port: account.port,
        log: folder.log,
        processFile: folder.processFile,
      },
      this.clock,
    );
  }
}

/** An init file holds one statement per line. The password is base64url: nothing in it needs quoting. */
function initStatements({ username, password }: ServerAccount): string {
  const account = `'${username}'@'${host}'`;
  return [
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}';`,
    `ALTER USER ${account} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${account} WITH GRANT OPTION;`,
    "",
  ].join("\n");
}
