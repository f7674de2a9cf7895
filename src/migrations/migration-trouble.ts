import { DomainError, type DomainErrorOptions } from "../kit/domain-error.ts";

/** The folder of migrations cannot be used; every complaint is listed. */
export class UnusableMigrations extends DomainError {
  readonly code = "UNUSABLE_MIGRATIONS";
  constructor(readonly complaints: readonly string[]) {
    super(`The tenant migrations cannot be used:\n${complaints.map((complaint) => `- ${complaint}`).join("\n")}`);
  }
}

/** A migration that this database has is not the one that the folder has under its name. */
export class MigrationTampered extends DomainError {
  readonly code = "MIGRATION_TAMPERED";
  constructor(readonly complaints: readonly string[]) {
    super(complaints.join(" "));
  }
}

/** The database has migrations that this service does not know: a newer version of the folder made it. */
export class SchemaAhead extends DomainError {
  readonly code = "SCHEMA_AHEAD";
  constructor(readonly tags: readonly string[]) {
    super(`The database has migrations that are not in the folder: ${tags.join(", ")}.`);
  }
}

/** The server refused a statement; it took no effect, and what was before it stays done. */
export class MigrationFailed extends DomainError {
  readonly code = "MIGRATION_FAILED";
  constructor(
    readonly migration: string,
    /** From 1. */
    readonly statement: number,
    readonly errno: number | undefined,
    options?: DomainErrorOptions,
  ) {
    super(
      `Statement ${statement} of migration ${migration} failed${errno === undefined ? "" : ` (error ${errno})`}.`,
      options,
    );
  }
}

/** A statement was under way when the service ended, and nothing shows whether it took effect: someone must look. */
export class MigrationInDoubt extends DomainError {
  readonly code = "MIGRATION_IN_DOUBT";
  constructor(
    readonly migration: string,
    readonly statement: number,
    message = `It cannot be told whether statement ${statement} of migration ${migration} took effect.`,
  ) {
    super(message);
  }
}

/** What was just written does not read back as it must. */
export class MigrationNotVerified extends DomainError {
  readonly code = "MIGRATION_NOT_VERIFIED";
  override readonly retryable = true;
}
