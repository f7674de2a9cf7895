import { canaryNone, canaryTable } from "../../servers/canary.ts";
import type { Party, Victim } from "../../test-runs/isolation/isolation-ground.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteName } from "../pools/identifiers.ts";
import { type AttemptSpec, at, type Cast, noSuchTable, specsOf } from "./attempt-spec.ts";
import { readSpecs, structureSpecs } from "./read-specs.ts";
import { changeSpecs, codeSpecs, rowSpecs } from "./write-specs.ts";

/** Every route from the attacker to the victim, whose canary is planted. */
export function routesTo({ databaseName: victim }: Victim, cast: Cast): readonly AttemptSpec[] {
  const { databaseName: attacker } = cast.attacker;
  return [
    ...readSpecs(victim, attacker),
    ...structureSpecs(victim, attacker),
    ...rowSpecs(victim),
    ...changeSpecs(victim, attacker, cast.bystanderSession),
    ...codeSpecs(victim, attacker),
  ];
}

/** The routes that tell most, for a victim whose canary is planted. */
export function shortRoutesTo({ databaseName: victim }: Victim): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  return [
    ...specsOf("CROSS_READ", victim, [["reading a row", `SELECT token FROM ${canary}`]]),
    ...specsOf("CROSS_WRITE", victim, [
      ["changing a row", `UPDATE ${canary} SET token = 'reached'`, { changesRows: true }],
    ]),
    ...harmless(victim),
  ];
}

/** The routes that need no canary: they end at the check of rights, or touch no row. */
export function routesWithoutCanary({ databaseName: victim }: Party): readonly AttemptSpec[] {
  const journal = at(victim, journalTable);
  return [
    ...specsOf("CROSS_READ", victim, [["reading the ownership marker", `SELECT tenant_id FROM ${journal} LIMIT 1`]]),
    ...specsOf("CROSS_WRITE", victim, [["deleting no row", `DELETE FROM ${journal} WHERE 1 = 0`]]),
    ...harmless(victim),
  ];
}

function harmless(victim: string): readonly AttemptSpec[] {
  return [
    ...specsOf("SCHEMA", victim, [["listing tables", `SHOW TABLES FROM ${quoteName(victim)}`]]),
    ...specsOf("CROSS_WRITE", victim, [
      ["dropping a table", `DROP TABLE ${at(victim, canaryNone)}`, { reachedBy: [noSuchTable.toDrop] }],
    ]),
  ];
}
