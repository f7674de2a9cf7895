import { ServerTrouble, type TroubleCode, troubleCodes } from "../../servers/server-trouble.ts";

/** Errnos of MariaDB and MySQL, by what they mean to us. What is not listed is QUERY_FAILED. */
const errnosByCode: Readonly<Partial<Record<TroubleCode, readonly number[]>>> = {
  // 1040 too many connections, 1053 shutting down, 1129 host blocked, 1152..1161 broken in mid-talk, 1317/1927 killed,
  // 1041/1135 out of memory or threads, 1156/1835 garbled packets.
  UNREACHABLE: [
    1040, 1041, 1053, 1129, 1135, 1152, 1156, 1158, 1159, 1160, 1161, 1317, 1835, 1927, 2002, 2003, 2006, 2013,
  ],
  // 1130: no account row for this host; 1251, 1524, 1275: the account's way of logging in is not ours; 1820, 1862: expired.
  WRONG_CREDENTIALS: [1045, 1130, 1251, 1275, 1524, 1698, 1820, 1862],
  ACCOUNT_LOCKED: [3118, 4151],
  DATABASE_DENIED: [1044],
  UNKNOWN_DATABASE: [1049],
  TOO_MANY_CONNECTIONS: [1203, 1226],
  ACCESS_DENIED: [1142, 1143, 1227, 1370, 1410],
  READ_ONLY: [1290, 1836],
  // 3 and 20 come from the file layer itself, before an SQL errno is given.
  DISK_FULL: [3, 20, 1021, 1026, 1114],
  // 1969 and 3024: a statement's own time limit.
  LOCK_TIMEOUT: [1205, 1969, 3024],
  DEADLOCK: [1213],
};

const codeByErrno: ReadonlyMap<number, TroubleCode> = new Map(
  troubleCodes.flatMap((code) => (errnosByCode[code] ?? []).map((errno): [number, TroubleCode] => [errno, code])),
);

const sentences: Readonly<Record<TroubleCode, string>> = {
  UNREACHABLE: "The database server did not answer",
  WRONG_CREDENTIALS: "The database server refused the credentials",
  ACCOUNT_LOCKED: "The account is locked",
  DATABASE_DENIED: "The account may not use the database",
  UNKNOWN_DATABASE: "The database does not exist",
  TOO_MANY_CONNECTIONS: "The account has no connections left",
  ACCESS_DENIED: "The account lacks a privilege",
  READ_ONLY: "The database server is read-only",
  DISK_FULL: "The database server has no room left",
  LOCK_TIMEOUT: "A lock was not released in time",
  DEADLOCK: "The statement lost a deadlock",
  QUERY_FAILED: "The database server refused a statement",
};

/**
 * What an error of mysql2 means. By errno alone; an error without a server's errno is a broken or silent connection.
 * @param what what was being done, e.g. `logging in`
 */
export function toServerTrouble(error: unknown, what: string): ServerTrouble {
  if (error instanceof ServerTrouble) return error;
  const errno = serverErrno(error);
  const code = errno === undefined ? "UNREACHABLE" : (codeByErrno.get(errno) ?? "QUERY_FAILED");
  return trouble(code, what, { errno, cause: withoutSql(error) });
}

/** Trouble of a known class, with the sentence that belongs to it. */
export function trouble(
  code: TroubleCode,
  what: string,
  details: { readonly errno?: number | undefined; readonly cause?: unknown } = {},
): ServerTrouble {
  const { errno, cause } = details;
  const where = errno === undefined ? what : `${what}, error ${errno}`;
  return new ServerTrouble(code, `${sentences[code]} (${where}).`, errno, { cause });
}

/** mysql2 hangs the statement, values and all, on its errors; causes are logged. */
function withoutSql(error: unknown): unknown {
  if (typeof error === "object" && error !== null) Reflect.deleteProperty(error, "sql");
  return error;
}

/** Node's network errors carry a negative errno, mysql2's own none. */
function serverErrno(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errno" in error)) return undefined;
  const { errno } = error;
  return typeof errno === "number" && errno > 0 ? errno : undefined;
}
