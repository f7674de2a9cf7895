import { UsageFailure } from "../failure.ts";
import type { Session } from "../session.ts";

/** Goes on only when somebody types the word. @throws UsageFailure when it is something else, or nobody can be asked */
export async function confirm({ terminal, printer }: Session, warning: string, word: string): Promise<void> {
  if (!terminal.canAsk) {
    throw new UsageFailure(`${warning} Nobody can be asked here: say --yes if that is meant. Nothing was done.`);
  }
  printer.note(warning);
  const typed = await terminal.ask(`Type ${word} to go on: `);
  if (typed.trim() !== word) throw new UsageFailure("That was something else. Nothing was done.");
}
