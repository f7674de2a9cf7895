import type { ServerSession, ServerSessions } from "../../src/mysql/pools/server-sessions.ts";

/** Sessions that write down each statement before it is sent. */
export function countingSessions(sessions: ServerSessions, statements: string[]): ServerSessions {
  const counting = (session: ServerSession): ServerSession => ({
    connectMs: session.connectMs,
    query: (sql, values) => {
      statements.push(sql);
      return session.query(sql, values);
    },
    run: (sql, values) => {
      statements.push(sql);
      return session.run(sql, values);
    },
  });
  return {
    withAdmin: (wish, work) => sessions.withAdmin(wish, (session) => work(counting(session))),
    withAdminOn: (wish, work) => sessions.withAdminOn(wish, (session) => work(counting(session))),
    withTenant: (wish, work) => sessions.withTenant(wish, (session) => work(counting(session))),
  };
}
