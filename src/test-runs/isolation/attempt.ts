import type { IsolationCheckKind } from "../test-run.ts";

/**
 * What came of one attempt. DENIED: the server refused it, with an errno that means denial. REACHED: it got through, if only past the check of
 * rights. CLEAN: a look that may be taken and showed nothing of others. UNEXPECTED: anything else, from which nothing follows.
 */
export type AttemptOutcome = "DENIED" | "REACHED" | "CLEAN" | "UNEXPECTED";

/** One attempt, or one look, of a tenant. Everything in it may be shown. */
export interface AttemptSeen {
  readonly check: IsolationCheckKind;
  /** Words that follow "by": `reading a row`. */
  readonly route: string;
  /** As it was sent, without secrets; words in parentheses where it was no statement. */
  readonly statement: string;
  /** Database of the tenant that it was aimed at; undefined: at no one in particular. */
  readonly victim?: string | undefined;
  readonly outcome: AttemptOutcome;
  /** Of the server's refusal. */
  readonly errno?: number | undefined;
  /** What was seen of a reach, or why it was unexpected. */
  readonly seen?: string | undefined;
}

/** What a tenant did as an attacker, in one session. */
export interface AttackReport {
  readonly attempts: readonly AttemptSeen[];
  /** Log-ins as somebody else; what they show is the fault of the account that let them in. */
  readonly logins: readonly AttemptSeen[];
  /** Why the attack could not be carried out, or not to its end. */
  readonly trouble?: AttackTrouble | undefined;
  readonly durationMs: number;
}

/** What stopped an attack. Code and message are public. */
export interface AttackTrouble {
  readonly code: string;
  readonly message: string;
}
