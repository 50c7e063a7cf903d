import { useResizeObserver } from '@vueuse/core';
import { LineChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { onBeforeUnmount, onMounted, shallowRef, watch, type Ref } from 'vue';
import { usePreferences } from '../../stores/preferences.ts';
import type { ChartColours } from './chart-options.ts';

use([
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  SVGRenderer,
]);

function themeColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token('--text'),
    muted: token('--muted'),
    line: token('--line'),
    raised: token('--raised'),
    accent: token('--accent'),
    normal: token('--good'),
    abnormal: token('--warning'),
  };
}

/**
 * A chart in an element, drawn anew when what it shows, the theme or its size changes.
 * @param onDrawn called after each drawing, when positions in the chart can be asked for
 */
export function useChart(
  box: Readonly<Ref<HTMLElement | null>>,
  option: Readonly<Ref<(colours: ChartColours) => EChartsCoreOption>>,
  onDrawn: (chart: ECharts) => void = () => {},
): void {
  const chart = shallowRef<ECharts>();
  const preferences = usePreferences();

  function draw(): void {
    if (!box.value || !chart.value) return;
    chart.value.setOption(option.value(themeColours(box.value)), true);
    onDrawn(chart.value);
  }

  onMounted(() => {
    chart.value = init(box.value, undefined, { renderer: 'svg' });
    draw();
  });
  onBeforeUnmount(() => chart.value?.dispose());
  useResizeObserver(box, () => {
    chart.value?.resize();
    if (chart.value) onDrawn(chart.value);
  });
  watch([() => preferences.shownTheme, option], draw, { flush: 'post' });
}
