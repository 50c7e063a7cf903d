import type { ComposeOption } from 'echarts/core';
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { CurvePoint } from '#shared/evaluation.ts';
import { digitsFor, score } from '../inspect/index.ts';
import type { ChartColours } from './chart-options.ts';

type Option = ComposeOption<
  LineSeriesOption | ScatterSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface Curve {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Beside colour, what tells it from the others. */
  readonly line: 'solid' | 'dashed';
  readonly tone: 'accent' | 'abnormal' | 'normal';
}

export interface CurveAxes {
  readonly x: string;
  readonly y: string;
  /** Where the x axis ends; 1 unless told otherwise. */
  readonly xMax?: number;
  /** The line of guessing, or of a perfect calibration. */
  readonly diagonal?: boolean;
}

const fontSize = 11;

const axis = (name: string, colours: ChartColours, max: number) => ({
  type: 'value' as const,
  name,
  nameLocation: 'middle' as const,
  min: 0,
  max,
  nameTextStyle: { color: colours.muted, fontSize },
  axisLabel: { color: colours.muted, fontSize, hideOverlap: true },
  axisLine: { lineStyle: { color: colours.line } },
  splitLine: { lineStyle: { color: colours.line } },
});

/** Curves between 0 and 1 over one x axis. */
export function curveOption(curves: readonly Curve[], axes: CurveAxes, colours: ChartColours): Option {
  const line = ({ name, points, line: type, tone }: Curve): LineSeriesOption => ({
    name,
    type: 'line',
    symbol: points.length > 20 ? 'none' : 'circle',
    symbolSize: 5,
    data: points.map((point) => [...point]),
    lineStyle: { color: colours[tone], width: 1.75, type: type === 'dashed' ? [5, 3] : 'solid' },
    itemStyle: { color: colours[tone] },
    emphasis: { disabled: true },
  });
  const diagonal: LineSeriesOption = {
    type: 'line',
    symbol: 'none',
    silent: true,
    data: [
      [0, 0],
      [1, 1],
    ],
    tooltip: { show: false },
    lineStyle: { color: colours.muted, width: 1, type: 'dotted' },
    emphasis: { disabled: true },
  };
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, Inter, sans-serif' },
    grid: { top: 10, right: 16, bottom: 36, left: 48 },
    xAxis: { ...axis(axes.x, colours, axes.xMax ?? 1), nameGap: 22 },
    yAxis: { ...axis(axes.y, colours, 1), nameGap: 32 },
    tooltip: {
      trigger: 'axis',
      // Drawn into the picture: markup with inline styles is not allowed here.
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: colours.muted } },
      formatter: (hovered) =>
        (Array.isArray(hovered) ? hovered : [hovered])
          .filter(({ seriesName }) => curves.some(({ name }) => name === seriesName))
          .map(({ seriesName, value }) => {
            const [x = 0, y = 0, threshold] = value as (number | null)[];
            const at = threshold === null || threshold === undefined ? '' : `, threshold ${score(threshold)}`;
            return `${seriesName}: ${axes.x} ${Number(x).toFixed(3)}, ${axes.y} ${Number(y).toFixed(3)}${at}`;
          })
          .join('\n'),
    },
    series: [...(axes.diagonal ? [diagonal] : []), ...curves.map(line)],
  };
}

export interface ScatterPoint {
  readonly name: string;
  readonly abnormal: boolean;
  readonly x: number;
  readonly y: number;
}

/** Image scores of two runs against each other; circles are normal, diamonds abnormal. */
export function scatterOption(
  points: readonly ScatterPoint[],
  axes: { readonly x: string; readonly y: string },
  colours: ChartColours,
): Option {
  const range = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low) * 0.05 || 0.5;
    return { low: low - room, high: high + room, digits: digitsFor(high - low || 1, 2) };
  };
  const side = (name: string, { low, high, digits }: ReturnType<typeof range>, nameGap: number) => ({
    ...axis(name, colours, high),
    min: low,
    nameGap,
    axisLabel: {
      color: colours.muted,
      fontSize,
      hideOverlap: true,
      formatter: (value: number) => value.toFixed(digits),
    },
  });
  const series = (abnormal: boolean): ScatterSeriesOption => ({
    name: abnormal ? 'abnormal' : 'normal',
    type: 'scatter',
    symbol: abnormal ? 'diamond' : 'circle',
    symbolSize: abnormal ? 9 : 7,
    itemStyle: { color: abnormal ? colours.abnormal : colours.normal, opacity: 0.85 },
    data: points
      .filter((point) => point.abnormal === abnormal)
      .map(({ x, y, name }) => ({ value: [x, y], name })),
  });
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, Inter, sans-serif' },
    grid: { top: 10, right: 16, bottom: 36, left: 60 },
    xAxis: side(axes.x, range(points.map(({ x }) => x)), 22),
    yAxis: side(axes.y, range(points.map(({ y }) => y)), 44),
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (point) => {
        const { name, value } = (Array.isArray(point) ? point[0]! : point) as {
          name: string;
          value: number[];
        };
        return `${name}\n${score(value[0])} and ${score(value[1])}`;
      },
    },
    series: [series(false), series(true)],
  };
}
