import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The sample migrations and one more that cannot be folded, so that every statement is run on every tenant. @returns its path */
export async function makeStepwiseFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-stepwise-"));
  await cp(fileURLToPath(new URL("../../../drizzle/tenant", import.meta.url)), folder, { recursive: true });
  const journal = JSON.parse(await readFile(join(folder, "meta/_journal.json"), "utf8"));
  const idx = journal.entries.length;
  journal.entries.push({ idx, version: "5", when: Date.now(), tag: "9000_volatile", breakpoints: true });
  await writeFile(join(folder, "meta/_journal.json"), JSON.stringify(journal));
  const statements = [
    "UPDATE `roles` SET `description` = 'Works' WHERE `name` = 'member' AND SYSDATE() > '2000-01-01'",
    "ALTER TABLE `roles` ADD `color` varchar(20) NOT NULL DEFAULT 'grey'",
    "CREATE INDEX `roles_color` ON `roles` (`color`)",
    "INSERT INTO `roles` (`name`, `description`, `may_invite`) VALUES ('auditor', 'Reads everything', false)",
  ];
  await writeFile(join(folder, "9000_volatile.sql"), statements.join(";\n--> statement-breakpoint\n"));
  return folder;
}
