import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { Failure } from "../failure.ts";
import { CancelJobDocument } from "../gql/graphql.ts";
import { paintFor } from "../output/paint.ts";
import { follow, type Tenacity } from "../progress/follow.ts";
import { Interrupts } from "../progress/interrupts.ts";
import { type ProgressDisplay, progressDisplay } from "../progress/progress-display.ts";
import type { Work } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { whole } from "./words.ts";

/** How work is followed. */
export interface PursuitOptions {
  readonly wait: boolean;
  readonly detach?: true;
  readonly reconnectFor: number;
}

const usualPatienceS = 300;

/** Adds the options of commands that start work. */
export function withPursuit(command: Command): Command {
  command
    .option("--no-wait", "print the id of what was started, and leave")
    .option("--detach", "the same as --no-wait");
  return withPatience(command);
}

/** Adds the options of commands that follow work. */
export function withPatience(command: Command): Command {
  const meaning = "how long to wait for a service that went away";
  return command.option("--reconnect-for <seconds>", meaning, whole(0), usualPatienceS);
}

/**
 * Starts work and follows it to its end. Ctrl-C cancels it and waits for that, a second one leaves at once.
 * @param start nothing: there is nothing slow left to do @param report prints what came of it
 * @param reportDone prints what is there already @returns how the command ends
 */
export function pursue<Started extends Work>(
  session: Session,
  options: PursuitOptions,
  start: () => Promise<Started | undefined | null>,
  report: (work: Started) => Promise<ExitCode>,
  reportDone: () => Promise<ExitCode> = () => nothingToDo(session),
): Promise<ExitCode> {
  return Interrupts.during(session.terminal, async (interrupts) => {
    const work = await start();
    if (!work) return reportDone();
    if (!options.wait || options.detach) return detached(session, work);
    const display = displayFor(session);
    interrupts.onFirst(() => {
      display.note("Cancelling; Ctrl-C again leaves at once, and the rest goes on by itself.");
      void cancel(session, work).catch((error: unknown) => display.note(reasonOf(error)));
    });
    display.note(`Started ${work.id}.`);
    await followed(session, work, 0, options.reconnectFor, display);
    const exitCode = await report(work);
    return interrupts.heard ? exitCodes.interrupted : exitCode;
  });
}

/** Follows work that somebody else may have started: Ctrl-C leaves, and the work goes on. @param after sequence of the last event seen */
export function accompany<Found extends Work>(
  session: Session,
  work: Found,
  after: number,
  patienceS: number,
  report: (work: Found) => Promise<ExitCode>,
): Promise<ExitCode> {
  return Interrupts.during(session.terminal, async (interrupts) => {
    const display = displayFor(session);
    interrupts.onFirst(() => {
      display.end();
      session.printer.note(`It goes on; \`tenantry jobs cancel ${work.jobId}\` ends it.`);
      session.terminal.leave(exitCodes.interrupted);
    });
    await followed(session, work, after, patienceS, display);
    return report(work);
  });
}

async function followed(
  session: Session,
  work: Work,
  after: number,
  patienceS: number,
  display: ProgressDisplay,
): Promise<void> {
  const tenacity: Tenacity = {
    clock: session.clock,
    patienceMs: patienceS * 1_000,
    random: session.random,
    lost: (why, waitMs) => display.note(`${why} Trying again in ${(waitMs / 1_000).toFixed(1)} s.`),
  };
  const socket = await session.socket();
  try {
    for await (const event of follow(work.feed(socket), after, tenacity)) display.show(event);
  } finally {
    display.end();
    await socket.close();
  }
}

function displayFor({ terminal, errorColor, quiet }: Session): ProgressDisplay {
  return progressDisplay(terminal.stderr, paintFor(errorColor), quiet);
}

function detached({ printer }: Session, { id, jobId }: Work): ExitCode {
  const started = { id, jobId };
  const columns = [
    { name: "id", value: () => id },
    { name: "jobId", value: () => jobId },
  ];
  printer.one(columns, started, `${id}\n`);
  return exitCodes.passed;
}

async function nothingToDo({ printer }: Session): Promise<ExitCode> {
  printer.note("There is nothing left to do.");
  return exitCodes.passed;
}

async function cancel(session: Session, { jobId }: Work): Promise<void> {
  // Asked twice, a job is cancelled once.
  const { answer } = await (await session.api()).change(CancelJobDocument, { id: jobId }, true);
  accepted(answer);
}

function reasonOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  throw error;
}
