import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenize } from "../../src/migrations/statements/sql-tokens.ts";
import { splitStatements } from "../../src/migrations/statements/statement-splitter.ts";

const texts = (sql: string) => splitStatements(sql).statements.map(({ text }) => text);

describe("splitStatements", () => {
  for (const [what, sql, expected] of [
    ["semicolons", "A 1; B 2;", ["A 1", "B 2"]],
    ["a last statement without a semicolon", "A; B", ["A", "B"]],
    ["empty statements, which are left out", ";; A ;\n;;", ["A"]],
    ["breakpoints without semicolons", "A\n--> statement-breakpoint\nB--> statement-breakpoint\nC", ["A", "B", "C"]],
    ["a semicolon before a breakpoint", "A;--> statement-breakpoint\nB;", ["A", "B"]],
    ["single quotes with doubled and escaped quotes", "A 'x;''y;\\';z'; B", ["A 'x;''y;\\';z'", "B"]],
    ["double quotes", 'A "x;\'""; y\\\\"; B', ['A "x;\'""; y\\\\"', "B"]],
    ["backticks, where a backslash is nothing special", "A `x;``y\\`; B", ["A `x;``y\\`", "B"]],
    ["dash comments", "-- x; y\nA -- b;\n; B --\n;", ["A", "B"]],
    ["two dashes that are no comment", "SELECT 1--1; B", ["SELECT 1--1", "B"]],
    ["hash comments", "# x; '\nA # y;\n, b; C", ["A # y;\n, b", "C"]],
    ["block comments", "/* a; ' */ A /* b; */ c; D", ["A /* b; */ c", "D"]],
    ["a breakpoint that ends a comment", "A -- note --> statement-breakpoint\nB", ["A", "B"]],
    ["a breakpoint inside a text", "A '--> statement-breakpoint'; B", ["A '--> statement-breakpoint'", "B"]],
    [
      "executable comments, which are statements",
      "/*!40101 SET x */; /*! A */ B;",
      ["/*!40101 SET x */", "/*! A */ B"],
    ],
    ["nothing but comments", "-- a\n/* b */ # c", []],
    ["nothing", "", []],
  ] as const) {
    it(`splits ${what}`, () => {
      expect(splitStatements(sql)).toMatchObject({ complaints: [] });
      expect(texts(sql)).toEqual(expected);
    });
  }

  for (const [what, sql, complaint] of [
    ["DELIMITER", "A;\nDELIMITER //\nB //", "statement 2: DELIMITER is not supported"],
    ["an open text", "A; B 'x;", "statement 2: a text is not closed"],
    ["an open name", "A `x;", "statement 1: a name in backticks is not closed"],
    ["an open comment", "A /* x;", "statement 1: a comment is not closed"],
    ["an open executable comment", "A /*! x", "statement 1: a comment is not closed"],
    ["a statement that ends in an executable comment", "/*! A; B */", "a statement ends inside an executable comment"],
    ["a comment that only newer servers run", "A /*!80000 INVISIBLE */", "only some servers run"],
    ["a comment that only MariaDB runs", "A /*M!100100 x */", "only some servers run"],
    ["a NUL byte", "A \0 B", "it holds a NUL byte"],
  ] as const) {
    it(`complains of ${what}`, () => {
      expect(splitStatements(sql).complaints.join()).toContain(complaint);
    });
  }

  it("gives back what was joined, whatever texts, names and comments hold", () => {
    const nasty = fc.stringMatching(/^[a-z;'"`\\ \-#/*!>\n\u00e4\u{1F600}]{0,12}$/u);
    const piece = fc.oneof(
      fc.constantFrom("a", "B1", "=", "(", ")", ",", "1.5", "@v", "t.c"),
      nasty.map((text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`),
      nasty.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`),
      nasty.map((text) => `\`x${text.replaceAll("`", "``")}\``),
    );
    const comment = fc.oneof(
      nasty.map((text) => `/* ${text.replaceAll("*/", "")} x*/`),
      nasty.map((text) => `-- ${text.replaceAll("\n", "")}\n`),
      nasty.map((text) => `#${text.replaceAll("\n", "")}\n`),
      fc.constant(" "),
    );
    const statement = fc
      .array(fc.tuple(piece, comment), { minLength: 0, maxLength: 6 })
      .map((pairs) => `word ${pairs.flat().join(" ")} end`);
    const separator = fc.constantFrom(
      ";",
      ";\n",
      "\n--> statement-breakpoint\n",
      ";--> statement-breakpoint\n",
      " ; ; ",
    );
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), separator, comment, (statements, between, around) => {
        expect(texts(around + statements.join(between) + between + around)).toEqual(statements);
      }),
      { numRuns: 500 },
    );
  });

  it("reads any text to its end, in order, without overlap", () => {
    const sqlish = fc.stringMatching(/^[ab1.;'"`\\ \-#/*!>@\n\0\u00e9]{0,40}$/u);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), sqlish), (sql) => {
        let at = 0;
        for (const token of tokenize(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(token.end).toBeGreaterThanOrEqual(token.start);
          if (token.kind !== "flaw") expect(sql.slice(token.start, token.end)).toBe(token.text);
          at = token.end;
        }
        expect(at).toBeLessThanOrEqual(sql.length);
      }),
      { numRuns: 500 },
    );
  });

  it("splits megabytes of texts in a moment", () => {
    const row = `('${"x".repeat(1000)}\\'', "${"y''".repeat(100)}"),`;
    const sql = `INSERT INTO t VALUES ${row.repeat(2000)}('${"z".repeat(2_000_000)}');`;
    expect(texts(`${sql}${sql}`)).toHaveLength(2);
  });
});
