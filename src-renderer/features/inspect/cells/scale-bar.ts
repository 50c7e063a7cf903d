/** How long a scale bar is. Pure. */

export interface ScaleBar {
  /** CSS pixels. */
  readonly pixels: number;
  readonly text: string;
}

/** The longest bar of 1, 2 or 5 times a power of ten millimetres that is not longer than `longest` CSS pixels. */
export function scaleBar(pixelsPerMillimetre: number, longest: number): ScaleBar | undefined {
  const most = longest / pixelsPerMillimetre;
  if (!(most > 0) || !Number.isFinite(most)) return undefined;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [5, 2, 1].find((candidate) => candidate * power <= most) ?? 1;
  const millimetres = Number((factor * power).toPrecision(1));
  const text =
    millimetres >= 10
      ? `${millimetres / 10} cm`
      : millimetres >= 1
        ? `${millimetres} mm`
        : `${Number((millimetres * 1000).toPrecision(1))} µm`;
  return { pixels: millimetres * pixelsPerMillimetre, text };
}
