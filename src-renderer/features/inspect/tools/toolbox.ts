/**
 * Tools of Inspect and what they draw over the cells. A feature that brings some adds them to `session.toolbox`;
 * the cells know nothing of it. How to write one: docs/architecture.md, "Tools in Inspect".
 */
import { computed, onScopeDispose, shallowReactive, shallowRef, type Component } from 'vue';
import type { StudyImage } from '#shared/domain.ts';
import type { PixelArray } from '#shared/arrays.ts';
import type { Orientation, PaneScene, PaneTool, PixelPoint, ScreenPoint } from '../../../viewer/viewer.ts';
import type { Cell } from '../cells/cell.ts';

/** A cell and the image it stands on. Points are pixels of that image. */
export interface CellContext {
  /** Its place in the grid, row by row from 0. */
  readonly index: number;
  readonly cell: Cell;
  readonly image: StudyImage;
  readonly pixels: PixelArray;
}

/** What an overlay needs to know of the pane under it. Read in a template it follows pan, zoom and size. */
export interface CellGeometry {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** CSS pixels per image pixel. */
  readonly zoom: number;
  readonly orientation: Orientation;
  toScreen(point: PixelPoint): ScreenPoint;
}

export interface InspectTool {
  /** Dotted, e.g. `measure.length`: also the id of the command that takes it into the hand. */
  readonly id: string;
  readonly label: string;
  readonly icon: Component;
  readonly keys?: readonly string[];
  /** Heading in the palette. */
  readonly group: string;
  enabled?(): boolean;
  /** What the left button does in this cell; undefined leaves it to pan, window and zoom. */
  inCell(context: CellContext): PaneTool | undefined;
}

export interface CellLayer {
  /** Adds to what a cell shows. Called inside a computed: what it reads, it follows. */
  decorate?(context: CellContext, scene: PaneScene): PaneScene;
  /** SVG elements over the cell; props `context: CellContext` and `geometry: CellGeometry`. */
  readonly overlay?: Component;
}

export function createToolbox() {
  const groups = shallowReactive(new Set<readonly InspectTool[]>());
  const layers = shallowReactive(new Set<CellLayer>());
  const activeId = shallowRef<string | null>(null);
  const tools = computed(() => [...groups].flat());

  return {
    tools,
    layers: computed(() => [...layers]),
    /** The tool in hand; null is the pointer. */
    active: computed(() => tools.value.find(({ id }) => id === activeId.value) ?? null),
    /** Takes a tool into the hand; the same one again, or null, puts it down. */
    take(id: string | null): void {
      activeId.value = activeId.value === id ? null : id;
    },
    /** For as long as the calling component lives. */
    addTools(added: readonly InspectTool[]): void {
      groups.add(added);
      onScopeDispose(() => groups.delete(added));
    },
    addLayer(layer: CellLayer): void {
      layers.add(layer);
      onScopeDispose(() => layers.delete(layer));
    },
  };
}

export type Toolbox = ReturnType<typeof createToolbox>;
