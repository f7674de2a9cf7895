import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cardText } from "../../src/cli/output/card.ts";
import { type Column, csvText, tableText } from "../../src/cli/output/columns.ts";
import { count, duration, percent, rate, span } from "../../src/cli/output/figures.ts";
import { paintFor, wantsColor } from "../../src/cli/output/paint.ts";
import { Printer } from "../../src/cli/output/printer.ts";
import { visible } from "../../src/cli/output/visible.ts";
import { keptOutput } from "./support/fake-terminal.ts";

interface Row {
  readonly slug: string;
  readonly name: string | null;
  readonly latency: number;
}

const columns: readonly Column<Row>[] = [
  { name: "slug", value: ({ slug }) => slug },
  { name: "name", value: ({ name }) => name },
  { name: "latency_ms", value: ({ latency }) => latency, text: ({ latency }) => duration(latency), align: "right" },
  { name: "id", value: () => "id_1", plainOnly: true },
];
const rows: readonly Row[] = [
  { slug: "acme", name: 'Acme, "Inc."\nBerlin', latency: 12.5 },
  { slug: "a", name: null, latency: 1_500 },
];
const plain = paintFor(false);

describe("a table in a window", () => {
  const wide: readonly Column<Row>[] = [
    { name: "slug", value: ({ slug }) => slug },
    { name: "name", value: ({ name }) => name, spare: true },
    { name: "rating", value: () => "EXCELLENT" },
    { name: "server", value: () => "default", spare: true },
    { name: "created", value: () => "2026-01-01 00:00:00", spare: true },
  ];
  const items = [{ slug: "acme", name: "Acme", latency: 1 }];
  const print = async (columnsOfWindow?: number) => {
    const [stdout, stderr] = [keptOutput(columnsOfWindow), keptOutput(columnsOfWindow)];
    Printer.plain(stdout, stderr).list(wide, items, "None.");
    await turn();
    return [stdout.text, stderr.text];
  };

  it("leaves spare columns out until it fits, the last ones first, and says which", async () => {
    expect(await print(29)).toEqual([
      "SLUG  NAME  RATING\nacme  Acme  EXCELLENT\n",
      "No room for SERVER, CREATED: a wider window shows them, and --format csv.\n",
    ]);
  });

  it("shows all of them where there is room, and where nobody looks", async () => {
    const all = "SLUG  NAME  RATING     SERVER   CREATED\nacme  Acme  EXCELLENT  default  2026-01-01 00:00:00\n";
    expect(await print(51)).toEqual([all, ""]);
    expect(await print()).toEqual([all, ""]);
  });

  it("counts the places that characters take in a terminal, not the characters", async () => {
    const printed = async (name: string, columnsOfWindow: number) => {
      const [stdout, stderr] = [keptOutput(columnsOfWindow), keptOutput(columnsOfWindow)];
      Printer.plain(stdout, stderr).list(wide.slice(0, 3), [{ slug: "acme", name, latency: 1 }], "None.");
      await turn();
      return stdout.text.includes("NAME");
    };
    for (const [name, places] of [
      ["Müller", 6],
      ["Mu\u0308ller", 6],
      ["東京タワー", 10],
      ["ｶﾀｶﾅ", 4],
      ["서울", 4],
      ["Ａ社", 4],
      ["🚀🚀", 4],
      ["👩‍🚀 ❤️", 5],
    ] as const)
      expect([name, await printed(name, 16 + 1 + places), await printed(name, 16 + places)]).toEqual([
        name,
        true,
        false,
      ]);
  });

  it("keeps what is not spare, however narrow it is", async () => {
    expect((await print(5))[0]).toBe("SLUG  RATING\nacme  EXCELLENT\n");
  });
});

describe("a table", () => {
  it("aligns its columns, says where there is nothing, and ends no line in blanks", () => {
    expect(tableText(columns, [{ slug: "acme", name: "Acme", latency: 12.5 }, rows[1] as Row], plain)).toBe(
      "SLUG  NAME  LATENCY\nacme  Acme    13 ms\na     -       1.5 s\n",
    );
  });

  it("colours words by what they mean", () => {
    const word: readonly Column<{ status: string }>[] = [{ name: "status", value: ({ status }) => status }];
    const text = tableText(word, [{ status: "ACTIVE" }, { status: "FAILED" }], paintFor(true));
    expect(text).toContain("\u001b[32mACTIVE\u001b[39m");
    expect(text).toContain("\u001b[31mFAILED\u001b[39m");
  });

  it("hands no terminal what it would obey", () => {
    const hostile = { slug: "\u001b]0;owned\u0007", name: "a\u202eb\u009b2J", latency: 1 };
    const text = tableText(columns, [hostile], plain);
    expect(text).toContain("\\u001b]0;owned\\u0007");
    expect([...text].filter((character) => character !== "\n" && visible(character) !== character)).toEqual([]);
    expect(cardText([["Name", hostile.name]], plain)).toBe("Name  a\\u202eb\\u009b2J\n");
  });
});

describe("comma-separated values", () => {
  it("are quoted as RFC 4180 says, with names above, and programs' columns too", () => {
    expect(csvText(columns, rows, true)).toBe(
      'slug,name,latency_ms,id\nacme,"Acme, ""Inc.""\nBerlin",12.5,id_1\na,,1500,id_1\n',
    );
    expect(csvText(columns, rows.slice(1), false)).toBe("a,,1500,id_1\n");
  });
});

describe("a printer", () => {
  function printed(format: "table" | "json" | "ndjson" | "csv", items: readonly Row[]) {
    const [stdout, stderr] = [keptOutput(), keptOutput()];
    Printer.plain(stdout, stderr, format).list(columns, items, "No rows.");
    return new Promise<{ out: string; err: string }>((resolve) => {
      setImmediate(() => resolve({ out: stdout.text, err: stderr.text }));
    });
  }

  it("writes one JSON document, or one per line", async () => {
    expect(JSON.parse((await printed("json", rows)).out)).toEqual(rows);
    const lines = (await printed("ndjson", rows)).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  });

  it("says to people that a list is empty, and to programs with an empty list", async () => {
    expect(await printed("table", [])).toEqual({ out: "", err: "No rows.\n" });
    expect(await printed("json", [])).toEqual({ out: "[]\n", err: "" });
    expect(await printed("ndjson", [])).toEqual({ out: "", err: "" });
    expect(await printed("csv", [])).toEqual({ out: "slug,name,latency_ms,id\n", err: "" });
  });
});

describe("colours", () => {
  const [terminal, pipe] = [keptOutput(80), keptOutput()];

  it.each([
    ["a terminal has them", terminal, {}, true, true],
    ["a pipe has none", pipe, {}, true, false],
    ["NO_COLOR takes them away", terminal, { NO_COLOR: "1" }, true, false],
    ["an empty NO_COLOR does not", terminal, { NO_COLOR: "" }, true, true],
    ["--no-color takes them away", terminal, {}, false, false],
    ["FORCE_COLOR gives them to a pipe", pipe, { FORCE_COLOR: "1" }, true, true],
    ["NO_COLOR goes before FORCE_COLOR", terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["a dumb terminal has none", terminal, { TERM: "dumb" }, true, false],
  ])("%s", (_what, output, env, flag, expected) => {
    expect(wantsColor(output, env, flag)).toBe(expected);
  });
});

describe("figures", () => {
  it.each([
    [duration(0.844), "0.84 ms"],
    [duration(12.4), "12 ms"],
    [duration(1_234), "1.2 s"],
    [duration(200_000), "3 min 20 s"],
    [duration(7_260_000), "2 h 1 min"],
    [duration(undefined), "-"],
    [percent(0.9956), "99.6 %"],
    [rate(12.44), "12.4/s"],
    [rate(1234.5), "1235/s"],
    [rate(null), "-"],
    [count(1, "tenant"), "1 tenant"],
    [count(2, "tenant"), "2 tenants"],
    [span("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:02.500Z"), "2.5 s"],
    [span("2026-01-01T00:00:00.000Z", null), "-"],
  ])("read %s", (text, expected) => {
    expect(text).toBe(expected);
  });
});
