import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { paintFor } from "../../src/cli/output/paint.ts";
import { Interrupts } from "../../src/cli/progress/interrupts.ts";
import { progressDisplay } from "../../src/cli/progress/progress-display.ts";
import { barOf, lineOf } from "../../src/cli/progress/progress-text.ts";
import { anEvent } from "./support/an-event.ts";
import { FakeTerminal, keptOutput } from "./support/fake-terminal.ts";

const plain = paintFor(false);

describe("an event as a line", () => {
  it("says sequence, status, share, rate, time left, and what happened", () => {
    expect(lineOf(anEvent(7))).toBe("#7 RUNNING 40 % 4/10 2/s, 3.0 s left: Step 7.");
  });

  it("says what failed, and leaves out what is not known", () => {
    const event = anEvent(8, "FAILED", { done: 8, failed: 2, percent: 100, ratePerSecond: null, etaSeconds: null });
    expect(lineOf(event)).toBe("#8 FAILED 100 % 10/10 2 failed: Step 8.");
    expect(lineOf(anEvent(1, "QUEUED", { total: 0, done: 0, percent: 0, ratePerSecond: null, etaSeconds: null }))).toBe(
      "#1 QUEUED 0 %: Step 1.",
    );
  });
});

describe("an event as a bar", () => {
  it("fills as the work goes on, with rate and time left", () => {
    expect(barOf(anEvent(7), 100, plain)).toBe(
      `${"█".repeat(11)}${"░".repeat(17)}  40 % 4/10 2/s, 3.0 s left  Step 7.`,
    );
    expect(barOf(anEvent(8, "SUCCEEDED", { percent: 100, done: 10, etaSeconds: null }), 100, plain)).toBe(
      `${"█".repeat(28)} 100 % 10/10 2/s  succeeded: Step 8.`,
    );
  });

  it.each([40, 60, 80, 200])("is never wider than a terminal of %i columns, unless its figures are", (columns) => {
    const event = { ...anEvent(7), message: "x".repeat(300) };
    const figures = `${"█".repeat(28)}  40 % 4/10 2/s, 3.0 s left  `.length;
    expect(barOf(event, columns, plain).length).toBeLessThanOrEqual(Math.max(columns, figures));
  });
});

describe("a display", () => {
  it("draws one line anew on a terminal, and keeps remarks above it", async () => {
    const output = keptOutput(100);
    const display = progressDisplay(output, plain, false);
    display.show(anEvent(1));
    display.note("The connection was lost.");
    display.show(anEvent(2));
    display.end();
    await turn();
    const shown = output.text.split("\n").map((line) => line.split("\r\u001b[K").at(-1));
    expect(shown).toEqual(["The connection was lost.", expect.stringContaining("Step 2."), ""]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(output.text.replaceAll("\r\u001b[K", "")).not.toMatch(/[\r\u001b]/);
  });

  it("writes a line per event elsewhere, and only remarks when it is to be quiet", async () => {
    const [loud, quiet] = [keptOutput(), keptOutput(100)];
    for (const [output, isQuiet] of [
      [loud, false],
      [quiet, true],
    ] as const) {
      const display = progressDisplay(output, plain, isQuiet);
      display.show(anEvent(1));
      display.note("The connection was lost.");
      display.show(anEvent(2));
      display.end();
    }
    await turn();
    expect(loud.text).toBe(`${lineOf(anEvent(1))}\nThe connection was lost.\n${lineOf(anEvent(2))}\n`);
    expect(quiet.text).toBe("The connection was lost.\n");
  });
});

describe("Ctrl-C", () => {
  it("asks for the end the first time, and leaves the second time", async () => {
    const terminal = new FakeTerminal();
    const acts: string[] = [];
    await Interrupts.during(terminal, async (interrupts) => {
      interrupts.onFirst(() => acts.push("cancel"));
      terminal.interrupt();
      expect([acts, terminal.left, interrupts.heard]).toEqual([["cancel"], undefined, true]);
      terminal.interrupt();
      expect([acts, terminal.left]).toEqual([["cancel"], 130]);
    });
  });

  it("leaves the shell a line of its own where a bar stands", async () => {
    const terminal = new FakeTerminal(undefined, 80);
    await Interrupts.during(terminal, async () => {
      terminal.interrupt();
      terminal.interrupt();
    });
    await turn();
    expect([terminal.stderr.text, terminal.left]).toEqual(["\n", 130]);
  });

  it("is not forgotten when it comes before there is anything to end", async () => {
    const terminal = new FakeTerminal();
    const acts: string[] = [];
    await Interrupts.during(terminal, async (interrupts) => {
      terminal.interrupt();
      interrupts.onFirst(() => acts.push("cancel"));
    });
    expect(acts).toEqual(["cancel"]);
  });

  it("is left to the process afterwards", async () => {
    const terminal = new FakeTerminal();
    await Interrupts.during(terminal, async () => undefined);
    terminal.interrupt();
    terminal.interrupt();
    expect(terminal.left).toBeUndefined();
  });
});
