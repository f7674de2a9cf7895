import { describe, expect, inject, it, onTestFinished } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";

describe("answers on connections that read into the same memory", () => {
  it("come whole and to whoever asked, however long they are and however many come at once", async () => {
    const sessions = new MysqlServerSessions({ connectionsPerServer: 10 });
    onTestFinished(() => sessions.close());
    const serverId = uuidv7Ids.next<"DatabaseServer">();
    sessions.attach(serverId, new Secret(inject("serverUrl")));
    const letters = [..."abcdefgh"];
    const answers = await Promise.all(
      letters.map((letter) =>
        sessions.withAdmin({ serverId, deadlineMs: 20_000 }, async (session) => {
          const short = await session.query<{ readonly text: string }>(
            "SELECT REPEAT(?, 100) AS text FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3) some",
            [letter],
          );
          const long = await session.query<{ readonly text: string }>("SELECT REPEAT(?, 300000) AS text", [letter]);
          return [...short, ...long].map(({ text }) => text);
        }),
      ),
    );
    const expected = (letter: string) => [100, 100, 100, 300_000].map((length) => letter.repeat(length));
    // Compared by equality alone: what differs would be megabytes to print.
    expect(answers.map((texts, at) => JSON.stringify(texts) === JSON.stringify(expected(letters[at] ?? "")))).toEqual(
      letters.map(() => true),
    );
  });
});
