import { createHash, randomBytes } from "node:crypto";
import { access, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { makePrivateFolder, parseState, readIfThere, writePrivateFile } from "./private-file.ts";

/** sockaddr_un holds 108 bytes with the final zero (unix(7)). */
const longestSocketPath = 107;

const accountShape = z.object({ username: z.string(), password: z.string(), port: z.number().int() });

/** The admin account of the private MariaDB, and the port that is remembered so that its address stays. */
export type ServerAccount = z.infer<typeof accountShape>;

/** Where the private MariaDB keeps what: all below `mariadb/` in the data directory, the socket where that path is too long. */
export class ServerFolder {
  readonly path: string;
  readonly data: string;
  /** For sorting and temporary tables; not /tmp, which may be small or shared. */
  readonly tmp: string;
  /** The only folder that LOAD DATA and INTO OUTFILE may touch. */
  readonly files: string;
  readonly socket: string;
  readonly log: string;
  readonly pidFile: string;
  readonly initFile: string;
  /** Who runs: process and start time. */
  readonly processFile: string;
  readonly #accountFile: string;

  constructor(dataDir: string) {
    const inside = (name: string) => join(dataDir, "mariadb", name);
    this.path = join(dataDir, "mariadb");
    this.data = inside("data");
    this.tmp = inside("tmp");
    this.files = inside("files");
    this.log = inside("error.log");
    this.pidFile = inside("mariadbd.pid");
    this.initFile = inside("init.sql");
    this.processFile = inside("process.json");
    this.#accountFile = inside("account.json");
    this.socket = socketPath(inside("s.sock"));
  }

  async make(): Promise<void> {
    for (const folder of [this.path, this.tmp, this.files, dirname(this.socket)]) await makePrivateFolder(folder);
  }

  /** Takes away what only a running server needs. */
  async tidy(): Promise<void> {
    const stale = [this.processFile, this.initFile];
    if (dirname(this.socket) !== this.path) stale.push(dirname(this.socket));
    for (const path of stale) await rm(path, { recursive: true, force: true });
  }

  /** Whether a data folder was filled to the end. */
  async hasData(): Promise<boolean> {
    return access(this.data).then(
      () => true,
      () => false,
    );
  }

  /** The account that was made before, or a new one with a random password and port 0: not chosen yet. */
  async account(): Promise<ServerAccount> {
    const known = parseState(await readIfThere(this.#accountFile), accountShape);
    return known ?? { username: "tenantry", password: randomBytes(24).toString("base64url"), port: 0 };
  }

  async saveAccount(account: ServerAccount): Promise<void> {
    await writePrivateFile(this.#accountFile, `${JSON.stringify(account)}\n`);
  }
}

function socketPath(wanted: string): string {
  const name = `tenantry-${createHash("sha256").update(wanted).digest("hex").slice(0, 16)}/s.sock`;
  const fits = (path: string) => Buffer.byteLength(path) <= longestSocketPath;
  return [wanted, join(tmpdir(), name)].find(fits) ?? join("/tmp", name);
}
