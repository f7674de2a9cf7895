import { type ExitCode, exitCodes } from "./exit-code.ts";

/** Ends a command; its message is for people, its exit code for programs. */
export abstract class Failure extends Error {
  abstract readonly exitCode: ExitCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What was typed cannot be done; nothing was. */
export class UsageFailure extends Failure {
  readonly exitCode = exitCodes.usage;
}

/** The service could not be reached. */
export class NotReachable extends Failure {
  readonly exitCode = exitCodes.refused;
}

/** The service was reached and did not do it. */
export class Refused extends Failure {
  readonly exitCode = exitCodes.refused;

  /** @param code machine-readable, as the service said it */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
