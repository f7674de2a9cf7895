import { nothing } from "./figures.ts";
import { type Paint, toned, toneOf } from "./paint.ts";
import { visible } from "./visible.ts";

/** Names and values of one thing, one below the other; what has no value is left out. Ends in a line feed. */
export function cardText(
  lines: readonly (readonly [name: string, value: string | undefined | null])[],
  paint: Paint,
): string {
  const shown = lines.flatMap(([name, value]) => (value && value !== nothing ? [[name, value] as const] : []));
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => {
      const text = visible(value);
      return `${paint.bold(name.padEnd(width))}  ${toned(paint, toneOf(text), text)}\n`;
    })
    .join("");
}

/** A heading over what follows. */
export function headingText(text: string, paint: Paint): string {
  return `\n${paint.bold(paint.underline(text))}\n`;
}
