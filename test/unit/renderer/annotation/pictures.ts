import type { LabelMap } from '../../../../src-renderer/annotation/label-map.ts';

/** A label map written as rows of digits, "." for none. */
export function labelsFrom(rows: readonly string[]): LabelMap {
  const text = rows.join('');
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(text, (sign) => (sign === '.' ? 0 : Number(sign))),
  };
}

export const picture = ({ width, height, data }: LabelMap): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (label) =>
      label === 0 ? '.' : String(label),
    ).join(''),
  );
