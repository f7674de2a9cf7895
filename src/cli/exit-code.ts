/** How the command line ends. */
export const exitCodes = {
  /** Done, and all is well. */
  passed: 0,
  /** A test failed, a job failed, or findings remain. */
  failed: 1,
  /** The command or its input was wrong; nothing was done. */
  usage: 2,
  /** The service could not be reached, or refused. */
  refused: 3,
  /** Done in part: some tenants failed, the work was cancelled, a limit cut it short, or nothing could be found out. */
  partial: 4,
  /** An error that nobody expected. */
  bug: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
