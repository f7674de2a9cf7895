import { Text, useComputedColorScheme } from "@mantine/core";
import { type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { sayNumber } from "../parts/say.ts";
import { drawGrid, type GridShape, gridShape } from "./grid-drawing.ts";
import classes from "./test-runs.module.css";
import type { TenantVerdict } from "./use-verdicts.ts";

interface TenantGridProps {
  /** In the order in which they came. */
  readonly verdicts: readonly TenantVerdict[];
  /** Tenants that the run is about; those without a verdict are drawn empty. */
  readonly total: number;
}

/** A cell for each tenant that takes its colour when the result comes. Drawn, so that ten thousand cost no more than ten. */
export function TenantGrid({ verdicts, total }: TenantGridProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme("light");
  const [width, setWidth] = useState(0);
  const [under, setUnder] = useState<TenantVerdict>();
  const [, navigate] = useLocation();
  const count = Math.max(total, verdicts.length);
  // One and the same as long as nothing of it changes: an event without news of a tenant draws no cell anew.
  const shape = useMemo(() => gridShape(count, width), [count, width]);
  useEffect(() => {
    const parent = canvas.current?.parentElement;
    if (!parent) return;
    const observer = new ResizeObserver(() => setWidth(parent.clientWidth - 24));
    observer.observe(parent);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current && width > 0) drawGrid(canvas.current, shape, { verdicts, count, dark: scheme === "dark" });
  }, [verdicts, count, shape, width, scheme]);
  return (
    <>
      <canvas
        ref={canvas}
        className={classes.grid}
        style={{ height: shape.height, cursor: under ? "pointer" : "default" }}
        role="img"
        aria-label={`${sayNumber(verdicts.length)} of ${sayNumber(count)} tenants: ${tally(verdicts)}`}
        onMouseMove={(event) => setUnder(cellUnder(event, shape, verdicts))}
        onMouseLeave={() => setUnder(undefined)}
        onClick={() => under && navigate(`/tenants/${encodeURIComponent(under.slug)}`)}
      />
      <Text size="xs" c="dimmed" mt={6} className="figures">
        {under
          ? `${under.slug} · ${[under.verdict, under.rating].filter(Boolean).join(" · ")}`
          : `${sayNumber(verdicts.length)} of ${sayNumber(count)} · ${tally(verdicts)}`}
      </Text>
    </>
  );
}

function tally(verdicts: readonly TenantVerdict[]): string {
  const counts = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
  for (const { verdict } of verdicts) counts[verdict] += 1;
  return `${sayNumber(counts.PASS)} passed, ${sayNumber(counts.FAIL)} failed, ${sayNumber(counts.INCONCLUSIVE)} inconclusive`;
}

function cellUnder(
  { nativeEvent }: MouseEvent,
  { pitch, columns }: GridShape,
  verdicts: readonly TenantVerdict[],
): TenantVerdict | undefined {
  const column = Math.floor(nativeEvent.offsetX / pitch);
  return column < columns ? verdicts[Math.floor(nativeEvent.offsetY / pitch) * columns + column] : undefined;
}
