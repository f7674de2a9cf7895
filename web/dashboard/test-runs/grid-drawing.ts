import type { TenantVerdict } from "./use-verdicts.ts";

/** How cells are laid out, in CSS pixels. */
export interface GridShape {
  /** From one cell to the next. */
  readonly pitch: number;
  readonly columns: number;
  readonly height: number;
}

/** Cells grow smaller the more there are, so that a fleet stays in sight. */
export function gridShape(count: number, width: number): GridShape {
  const pitch = count <= 200 ? 18 : count <= 1_500 ? 12 : count <= 5_000 ? 8 : 5;
  const columns = Math.max(1, Math.floor(width / pitch));
  return { pitch, columns, height: Math.max(1, Math.ceil(count / columns)) * pitch };
}

interface GridContent {
  readonly verdicts: readonly TenantVerdict[];
  readonly count: number;
  readonly dark: boolean;
}

export function drawGrid(canvas: HTMLCanvasElement, shape: GridShape, { verdicts, count, dark }: GridContent): void {
  const { pitch, columns, height } = shape;
  const scale = window.devicePixelRatio;
  const width = columns * pitch;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  context.clearRect(0, 0, Math.max(width, canvas.clientWidth), height);
  const gap = pitch > 6 ? 2 : 1;
  const side = pitch - gap;
  for (let index = 0; index < count; index += 1) {
    const x = (index % columns) * pitch;
    const y = Math.floor(index / columns) * pitch;
    const verdict = verdicts[index];
    context.fillStyle = colourOf(verdict, dark);
    context.fillRect(x, y, side, side);
    // Colour alone says nothing to some: a failure has a hole, what is inconclusive a bar.
    if (verdict && verdict.verdict !== "PASS" && side > 5) {
      context.fillStyle = dark ? "#171b20" : "#ffffff";
      if (verdict.verdict === "FAIL") context.fillRect(x + side / 2 - 2, y + side / 2 - 2, 4, 4);
      else context.fillRect(x + 2, y + side / 2 - 1, side - 4, 2);
    }
  }
}

function colourOf(verdict: TenantVerdict | undefined, dark: boolean): string {
  if (!verdict) return dark ? "#2b323a" : "#e3e8ed";
  if (verdict.verdict === "FAIL") return dark ? "#ff6b6b" : "#c92a2a";
  if (verdict.verdict === "INCONCLUSIVE") return dark ? "#fcc419" : "#e67700";
  if (verdict.rating === "SLOW" || verdict.rating === "CRITICAL") return dark ? "#a9722c" : "#d9a066";
  if (verdict.rating === "FAIR") return dark ? "#6f8f3a" : "#a3c65a";
  return dark ? "#2f9e44" : "#40a35a";
}
