import type { ComposeOption } from 'echarts/core';
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ToleranceCheck } from '#shared/protocols/index.ts';
import { type SweepFigures, sweepFigureLabels } from '#shared/sweep.ts';
import type { SweepRow } from '#shared/sweep-table.ts';
import type { ChartColours } from '../chart-options.ts';

export type SweepOption = ComposeOption<
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>;

const fontSize = 11;
/** Pixels that the names of all rows share at the least. */
const namesWidth = 320;

/** Figures of every row in percent by its name, each on an axis of its own; hollow diamonds are the paper's. */
export function sweepOption(
  rows: readonly SweepRow[],
  keys: readonly (keyof SweepFigures)[],
  checks: readonly ToleranceCheck[],
  colours: ChartColours,
): SweepOption {
  const tones = [colours.accent, colours.abnormal];
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? null : Number((100 * value).toFixed(3));
  const paper = (row: string, key: keyof SweepFigures) =>
    checks.find((check) => check.row === row && check.figure === key)?.expected ?? null;
  const series = keys.flatMap((key, i): (LineSeriesOption | ScatterSeriesOption)[] => {
    const tone = tones[i % tones.length]!;
    const ours: LineSeriesOption = {
      name: sweepFigureLabels[key],
      type: 'line',
      yAxisIndex: i,
      symbol: i === 0 ? 'circle' : 'rect',
      symbolSize: 7,
      data: rows.map(({ figures }) => percent(figures?.[key])),
      lineStyle: { color: tone, width: 1.75, type: i === 0 ? 'solid' : [5, 3] },
      itemStyle: { color: tone },
      emphasis: { disabled: true },
    };
    const published: ScatterSeriesOption = {
      name: `${sweepFigureLabels[key]}, paper`,
      type: 'scatter',
      yAxisIndex: i,
      symbol: 'diamond',
      symbolSize: 10,
      data: rows.map(({ row }) => paper(row, key)),
      itemStyle: { color: 'transparent', borderColor: tone, borderWidth: 1.5 },
    };
    return rows.some(({ row }) => paper(row, key) !== null) ? [ours, published] : [ours];
  });
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, Inter, sans-serif' },
    legend: { top: 0, left: 0, itemWidth: 22, textStyle: { color: colours.muted, fontSize: 12 } },
    grid: { top: 60, right: 56, bottom: 56, left: 56 },
    xAxis: {
      type: 'category',
      data: rows.map(({ row }) => row),
      axisLabel: {
        color: colours.muted,
        fontSize,
        interval: 0,
        width: namesWidth / rows.length,
        overflow: 'break',
        lineHeight: 13,
      },
      axisLine: { lineStyle: { color: colours.line } },
    },
    yAxis: keys.map((key, i) => ({
      type: 'value',
      scale: true,
      name: `${sweepFigureLabels[key]}, %`,
      position: i === 0 ? 'left' : 'right',
      nameTextStyle: { color: colours.muted, fontSize, align: i === 0 ? 'left' : 'right' },
      axisLabel: { color: colours.muted, fontSize },
      splitLine: { show: i === 0, lineStyle: { color: colours.line } },
    })),
    tooltip: {
      trigger: 'axis',
      // Drawn into the picture: markup with inline styles is not allowed here.
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
    },
    series,
  };
}
