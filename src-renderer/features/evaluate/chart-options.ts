import type { ComposeOption } from 'echarts/core';
import type { LineSeriesOption } from 'echarts/charts';
import type {
  GridComponentOption,
  MarkLineComponentOption,
  MarkPointComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ScoreHistogram } from '#shared/results.ts';
import { count, digitsFor, score } from '../inspect/index.ts';
import { axisTop, binOf, outlines, type Outline } from './histogram.ts';

export type HistogramOption = ComposeOption<
  | LineSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | MarkLineComponentOption
  | MarkPointComponentOption
>;

/** Colours of the theme; a chart cannot read CSS by itself. */
export interface ChartColours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly raised: string;
  readonly accent: string;
  readonly normal: string;
  readonly abnormal: string;
}

interface Words {
  /** What is counted: "pixel" or "image". */
  readonly unit: string;
  /** A line with words; null for none. */
  readonly threshold: number | null;
}

const fontSize = 11;

/** A share on the axis; the cut end of the axis is not a round number and stays unwritten. */
const shareText = (top: number) => (share: number) =>
  share === top && !Number.isInteger(share) ? '' : `${Number(share.toPrecision(2))} %`;

/** Two step outlines over one axis, dashed and solid, with the threshold as a line. */
export function histogramOption(
  histogram: ScoreHistogram,
  colours: ChartColours,
  words: Words,
): HistogramOption {
  const { normal, abnormal } = outlines(histogram);
  const { edges } = histogram;
  const [low = 0, high = 1] = [edges[0], edges.at(-1)];
  const digits = digitsFor(high - low, 2);
  const { top, cut } = axisTop([normal, abnormal]);
  const axisLabel = { color: colours.muted, fontSize };

  const series = (name: string, outline: Outline, colour: string, dashed: boolean): LineSeriesOption => ({
    name,
    type: 'line',
    step: 'end',
    symbol: 'none',
    data: outline.points.map((point) => [...point]),
    lineStyle: { color: colour, width: 1.5, type: dashed ? [4, 2] : 'solid' },
    itemStyle: { color: colour },
    areaStyle: { color: colour, opacity: dashed ? 0.12 : 0.22 },
    emphasis: { disabled: true },
  });
  const share = ((words.threshold ?? low) - low) / (high - low || 1);
  const threshold: MarkLineComponentOption = {
    silent: true,
    symbol: 'none',
    animation: false,
    // Scores may be a thousandth: two digits would move the line to the edge.
    precision: 12,
    data: words.threshold === null ? [] : [{ xAxis: words.threshold }],
    lineStyle: { color: colours.text, width: 1, type: 'solid' },
    label: {
      formatter: `F1-max ${score(words.threshold)}`,
      color: colours.text,
      fontSize,
      position: 'end',
      // Near an edge the words go inwards, where they are not cut.
      align: share < 0.2 ? 'left' : share > 0.8 ? 'right' : 'center',
    },
  };

  const truncated: MarkPointComponentOption = {
    silent: true,
    symbolSize: 0,
    data: cut ? [{ name: 'cut off', xAxis: cut.score, yAxis: top }] : [],
    label: {
      formatter: `${Math.round(cut?.share ?? 0)} %`,
      color: colours.normal,
      fontSize,
      position: 'right',
      offset: [10, 8],
    },
  };

  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, Inter, sans-serif' },
    grid: { top: 22, right: 12, bottom: 22, left: 40 },
    xAxis: {
      type: 'value',
      min: low,
      max: high,
      axisLabel: { ...axisLabel, hideOverlap: true, formatter: (value: number) => value.toFixed(digits) },
      axisLine: { lineStyle: { color: colours.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      ...(cut ? { max: top } : {}),
      axisLabel: { ...axisLabel, formatter: shareText(top) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    tooltip: {
      trigger: 'axis',
      // Drawn into the picture: markup with inline styles is not allowed here.
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: colours.muted } },
      formatter: (hovered) => {
        const first = Array.isArray(hovered) ? hovered[0] : hovered;
        const at = Number((first?.value as number[] | undefined)?.[0] ?? low);
        const bin = binOf(edges, at);
        const line = (name: string, { counts, total }: Outline) =>
          `${name}  ${count(counts[bin])} of ${count(total)}`;
        return [
          `${score(edges[bin])} to ${score(edges[bin + 1])}, ${words.unit}s`,
          line('normal', normal),
          line('abnormal', abnormal),
        ].join('\n');
      },
    },
    series: [
      { ...series('normal', normal, colours.normal, true), markLine: threshold, markPoint: truncated },
      series('abnormal', abnormal, colours.abnormal, false),
    ],
  };
}
