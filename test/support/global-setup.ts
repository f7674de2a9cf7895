import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Admin URL of the run's private MariaDB, without a database: `mysql://user:password@127.0.0.1:port`. */
    serverUrl: string;
  }
}

const share = "/usr/share/mysql";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-test-"));
  const common = ["--no-defaults", `--datadir=${folder}/data`, "--user=root"];
  const sql = ["mysql_system_tables.sql", "mysql_system_tables_data.sql"];
  const scripts = await Promise.all(sql.map((name) => readFile(join(share, name), "utf8")));
  await mkdir(`${folder}/data/mysql`, { recursive: true });
  await run([...common, "--bootstrap"], `use mysql;\n${scripts.join("\n")}\n`);
  await writeFile(
    `${folder}/init.sql`,
    "CREATE USER IF NOT EXISTS 'tester'@'127.0.0.1' IDENTIFIED BY 'tester';\nGRANT ALL ON *.* TO 'tester'@'127.0.0.1' WITH GRANT OPTION;\n",
  );
  const port = await freePort();
  const server = spawn(
    "mariadbd",
    [
      ...common,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${folder}/s.sock`,
      `--init-file=${folder}/init.sql`,
      "--skip-name-resolve",
      "--max-connections=500",
      "--innodb-flush-log-at-trx-commit=2",
    ],
    { stdio: "ignore" },
  );
  const serverUrl = `mysql://tester:tester@127.0.0.1:${port}`;
  await untilUp(serverUrl);
  project.provide("serverUrl", serverUrl);
  return async () => {
    await stop(server);
    await rm(folder, { recursive: true, force: true });
  };
}

function run(args: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("mariadbd", args, { stdio: ["pipe", "ignore", "ignore"] });
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`bootstrap ended with ${code}`))));
    child.stdin.end(input);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilUp(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      const connection = await mysql.createConnection(url);
      await connection.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("The private MariaDB did not come up.");
}

function stop(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.on("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
