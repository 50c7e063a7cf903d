/** The arithmetic of a slider, free of any element. */

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  /** Coarse step: drag, arrow keys. */
  readonly step: number;
  /** With Shift. */
  readonly fineStep: number;
}

/** A whole-number slider has nothing finer; others go ten times finer. */
export function fineStepOf(step: number): number {
  return Number.isInteger(step) ? Math.min(step, 1) : step / 10;
}

export function digitsOf(step: number): number {
  const text = String(step);
  const exponent = /e-(\d+)$/.exec(text)?.[1];
  if (exponent !== undefined) return Number(exponent);
  return text.split('.')[1]?.length ?? 0;
}

const clamp = (value: number, range: SliderRange) => Math.min(range.max, Math.max(range.min, value));

/** The nearest value on the step's raster inside the range. */
export function snap(value: number, step: number, range: SliderRange): number {
  const steps = Math.round((value - range.min) / step);
  return clamp(Number((range.min + steps * step).toFixed(10)), range);
}

/** 0 at the left end, 1 at the right. */
export function fractionOf(value: number, range: SliderRange): number {
  return range.max === range.min ? 0 : (clamp(value, range) - range.min) / (range.max - range.min);
}

/** The value a key asks for, or undefined when the key is not the slider's. */
export function keyedValue(
  press: { readonly key: string; readonly shiftKey: boolean },
  value: number,
  range: SliderRange,
): number | undefined {
  const step = press.shiftKey ? range.fineStep : range.step;
  const by = (change: number) => clamp(Number((value + change).toFixed(10)), range);
  switch (press.key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return by(step);
    case 'ArrowLeft':
    case 'ArrowDown':
      return by(-step);
    case 'PageUp':
      return by(10 * range.step);
    case 'PageDown':
      return by(-10 * range.step);
    case 'Home':
      return range.min;
    case 'End':
      return range.max;
    default:
      return undefined;
  }
}

/** What a person typed: a comma is a decimal point, the rest must be a number; clamped to the range. */
export function parseTyped(text: string, range: SliderRange): number | undefined {
  const cleaned = text
    .trim()
    .replace(',', '.')
    .replace(/\s*[%a-zµ]*$/i, '');
  const value = Number(cleaned);
  return cleaned === '' || !Number.isFinite(value) ? undefined : clamp(value, range);
}
