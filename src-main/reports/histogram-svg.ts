import type { ScoreHistogram } from '#shared/results.ts';
import { digitsFor } from '#shared/score-text.ts';

const colours = { normal: '#4f8fba', abnormal: '#d9822b', axis: '#5a6472', line: '#d5dae1' };

/**
 * Two outlined histograms over one axis, each scaled to its own largest bin: abnormal pixels are a percent of all
 * pixels and would be invisible on a common scale.
 */
export function histogramSvg(
  { edges, normal, abnormal }: ScoreHistogram,
  width: number,
  height: number,
  title: string,
): string {
  const plot = { left: 4, right: width - 4, top: 30, bottom: height - 18 };
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const x = (score: number) => plot.left + ((score - low) / (high - low || 1)) * (plot.right - plot.left);
  const bars = (counts: readonly number[], colour: string) => {
    const largest = Math.max(1, ...counts);
    return counts
      .map((count, bin) => {
        const tall = (count / largest) * (plot.bottom - plot.top);
        const from = x(edges[bin] ?? 0);
        const wide = Math.max(0, x(edges[bin + 1] ?? 0) - from - 0.4);
        return count === 0
          ? ''
          : `<rect x="${from.toFixed(2)}" y="${(plot.bottom - tall).toFixed(2)}" width="${wide.toFixed(2)}" height="${tall.toFixed(2)}" fill="${colour}" fill-opacity="0.55"/>`;
      })
      .join('');
  };
  const text = (atX: number, atY: number, words: string, anchor = 'start', fill = colours.axis) =>
    `<text x="${atX}" y="${atY}" font-family="Roboto" font-size="7.5" fill="${fill}" text-anchor="${anchor}">${words}</text>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const score = low + share * (high - low);
    return text(
      x(score),
      height - 6,
      score.toFixed(digitsFor(high - low, 2)),
      share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    text(plot.left, 9, title, 'start', '#1a1f26'),
    `<rect x="${plot.left}" y="15" width="7" height="7" fill="${colours.normal}" fill-opacity="0.55"/>`,
    text(plot.left + 10, 21.5, 'normal'),
    `<rect x="${plot.left + 44}" y="15" width="7" height="7" fill="${colours.abnormal}" fill-opacity="0.55"/>`,
    text(plot.left + 54, 21.5, 'abnormal (each scaled to its own largest bin)'),
    bars(normal, colours.normal),
    bars(abnormal, colours.abnormal),
    `<line x1="${plot.left}" y1="${plot.bottom}" x2="${plot.right}" y2="${plot.bottom}" stroke="${colours.line}" stroke-width="0.8"/>`,
    ...ticks,
    '</svg>',
  ].join('');
}
