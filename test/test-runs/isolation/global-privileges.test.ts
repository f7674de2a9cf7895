import { randomBytes } from "node:crypto";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { globalPrivileges, unnamedPrivileges } from "../../../src/mysql/isolation/global-privileges.ts";

describe("the names of global privileges", () => {
  it("are those that the server lists, each alone and all together", async () => {
    const admin = await mysql.createConnection(inject("serverUrl"));
    const name = `tnt${randomBytes(10).toString("hex")}`;
    onTestFinished(async () => {
      await admin.query(`DROP USER '${name}'@'%'`);
      await admin.end();
    });
    await admin.query(`CREATE USER '${name}'@'%'`);
    await admin.query(`GRANT ALL ON *.* TO '${name}'@'%' WITH GRANT OPTION`);
    const named = async () => {
      const [[row]] = await admin.query<RowDataPacket[]>(
        "SELECT JSON_VALUE(Priv, '$.access') AS access FROM mysql.global_priv WHERE User = ?",
        [name],
      );
      return globalPrivileges(row?.access ?? 0);
    };
    const [listed] = await admin.query<RowDataPacket[]>(
      "SELECT PRIVILEGE_TYPE AS privilege FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ?",
      [`'${name}'@'%'`],
    );
    // The list leaves out the right to grant, which it tells beside each other one.
    const all = [...listed.map((row) => String(row.privilege)), "GRANT OPTION"];
    expect([...(await named())].sort()).toEqual(all.sort());
    for (const privilege of all) {
      await admin.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM '${name}'@'%'`);
      await admin.query(
        privilege === "GRANT OPTION"
          ? `GRANT USAGE ON *.* TO '${name}'@'%' WITH GRANT OPTION`
          : `GRANT ${privilege} ON *.* TO '${name}'@'%'`,
      );
      expect(await named()).toEqual([privilege]);
    }
  });

  it("are MySQL's as it lists them, and no name is made up for what a later version adds", () => {
    expect(globalPrivileges("PROCESS,FILE")).toEqual(["PROCESS", "FILE"]);
    expect(globalPrivileges("")).toEqual([]);
    expect(globalPrivileges(0)).toEqual([]);
    expect(globalPrivileges(String(2n ** 60n + 1n))).toEqual(["SELECT", unnamedPrivileges]);
  });
});
