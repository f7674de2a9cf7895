import { customType, datetime } from "drizzle-orm/mysql-core";

/** The index columns say charset and collation themselves: a database that existed before may have other defaults. */
const asciiBin = "CHARACTER SET ascii COLLATE ascii_bin";

/** A UUID of one kind, compared as bytes. */
export function idColumn<Id extends string>(name: string) {
  return customType<{ data: Id; driverData: string }>({ dataType: () => `char(36) ${asciiBin}` })(name);
}

/** Text of ASCII characters, compared as bytes: slugs, host names, codes, words of a union. */
export function asciiColumn<Text extends string = string>(name: string, length: number) {
  return customType<{ data: Text; driverData: string }>({ dataType: () => `varchar(${length}) ${asciiBin}` })(name);
}

/** Text for people, compared without regard to case and accents. */
export function nameColumn(name: string, length: number) {
  return customType<{ data: string; driverData: string }>({
    dataType: () => `varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
  })(name);
}

/** Text of any characters, compared as code points. */
export function exactTextColumn(name: string, length: number) {
  return customType<{ data: string; driverData: string }>({
    dataType: () => `varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  })(name);
}

/** Text that nobody searches, up to 64 KB. */
export function proseColumn(name: string) {
  return customType<{ data: string; driverData: string }>({
    dataType: () => "text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
  })(name);
}

/** Plain JSON. The connection hands it over as text, on MariaDB (where it is longtext) and on MySQL alike. */
export function jsonColumn<Data>(name: string) {
  return customType<{ data: Data; driverData: string }>({
    dataType: () => "json",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text),
  })(name);
}

/** An instant, UTC with milliseconds. */
export function instantColumn(name: string) {
  return datetime(name, { mode: "date", fsp: 3 });
}
