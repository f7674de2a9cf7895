/** One part of a database's structure, in short. */
export interface PrintRow {
  readonly part: "S" | "T" | "I" | "C" | "F" | "K" | "X" | "D";
  readonly name: string;
  readonly print: string | number | null;
  /** Tables that are called like our journal; told with the tables, and with InnoDB's own list of them. */
  readonly journals: number | string;
  /** Tables and views without those; told with the tables. */
  readonly objects: number | string;
  /** Names of the views in hex, by commas; told with the tables. */
  readonly views?: string | null;
}
