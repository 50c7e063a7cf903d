export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

export function printTable(title: string, rows: readonly Row[]): void {
  const wide = Math.max(...rows.map(({ what }) => what.length));
  console.log(`\n${title}`);
  for (const { what, value, unit, note } of rows) {
    console.log(
      `  ${what.padEnd(wide)}  ${digits(value).padStart(8)} ${unit.padEnd(9)} ${note ?? ''}`.trimEnd(),
    );
  }
}
