/** Figures, dates and counts as the window writes them. */

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** "21 Nov 2025" */
export const dateText = (iso: string) => dateFormat.format(new Date(iso));

/** "21 Nov, 23:08" */
export const timeText = (iso: string) => timeFormat.format(new Date(iso));

/** "1 image", "3 images" */
export const countText = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** An undefined figure is a dash, never 0; what rounds to nothing has no sign. */
export const figureText = (figure: number | null | undefined, digits = 3) =>
  figure === null || figure === undefined ? '–' : figure.toFixed(digits).replace(/^-(?=[0.]+$)/, '');

/** "7.4 KB" */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${bytes} bytes` : `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A pixel value: whole numbers as they are, others with four significant digits. */
export const valueText = (value: number) =>
  Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(4);
