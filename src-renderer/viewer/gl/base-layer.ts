/** The image itself, grey or colour, through its window. Opaque; what lies outside the image is black. */
import type { GreyTable } from '#shared/acquisition.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import { tableGreys } from '#shared/grey-curve.ts';
import type { ImageLayer } from '../scene.ts';
import { asStored, rampOf } from '../window-level.ts';
import type { WindowLevel } from '../window-level.ts';
import { frameGlsl, frameUniforms } from './glsl.ts';
import { bindTexture, drawPane, minified, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';

type Switch = 'GREY' | 'SMOOTH' | 'FILTERED' | 'SIGMOID' | 'TABLE';

const fragment = `${frameGlsl}
uniform sampler2D uPixels, uTable;
uniform int uEntries;
uniform bool uInvert;
uniform vec2 uRescale, uWindow;

float entry(int i) {
  int columns = textureSize(uTable, 0).x;
  return texelFetch(uTable, ivec2(i % columns, i / columns), 0).r;
}
float fromTable(float part) {
  float at = part * float(uEntries - 1);
  int before = int(at);
  return mix(entry(before), entry(min(before + 1, uEntries - 1)), at - float(before));
}

void main() {
  vec2 p = imagePoint();
  outColour = vec4(0.0, 0.0, 0.0, 1.0);
  if (!inImage(p)) return;
  int count = samplesAcross();
  vec3 stored = vec3(0.0);
  for (int y = 0; y < count; y++) for (int x = 0; x < count; x++) {
    vec2 at = p + sampleOffset(x, y, count);
    if (FILTERED) stored += textureLod(uPixels, at / uImageSize, 0.0).rgb;
    else if (SMOOTH) stored += bilinear(uPixels, at).rgb;
    else stored += nearest(uPixels, at).rgb;
  }
  if (GREY) stored = stored.rrr;
  stored /= float(count * count);
  if (stored.r < MISSING) return;
  vec3 value = stored * uRescale.x + uRescale.y;
  vec3 place = (value - uWindow.x) / (uWindow.y - uWindow.x);
  /* PS3.3 C.11.2.1.3.1: 1 / (1 + exp(-4 (value - centre) / width)) */
  vec3 shade = clamp(place, 0.0, 1.0);
  if (SIGMOID) shade = 1.0 / (1.0 + exp(clamp(2.0 - 4.0 * place, -80.0, 80.0)));
  if (TABLE && GREY) shade = vec3(fromTable(shade.r));
  else if (TABLE) shade = vec3(fromTable(shade.r), fromTable(shade.g), fromTable(shade.b));
  outColour.rgb = uInvert ? 1.0 - shade : shade;
}`;

export function createBaseLayer(gl: WebGL2RenderingContext) {
  const uniforms = [
    ...frameUniforms,
    'uPixels',
    'uInvert',
    'uRescale',
    'uWindow',
    'uTable',
    'uEntries',
  ] as const;
  const programs = createPrograms<(typeof uniforms)[number], Switch>(gl, fragment, uniforms);
  return (drawing: Drawing, layer: ImageLayer, window: WindowLevel): void => {
    const { pixels, rescale = asStored } = layer;
    // An 8-bit colour texture reads as 0..1; the slope takes it back to the stored values.
    const unit = pixels.channels === 3 && pixels.data instanceof Uint8Array ? 255 : 1;
    const { curve } = window;
    const table = typeof curve === 'object' ? curve : undefined;
    const ramp = rampOf(window);
    const smooth = layer.sampling !== 'pixels';
    const program = programs({
      GREY: pixels.channels === 1,
      SMOOTH: smooth,
      // The card's own filter is coarse in its weights: good enough where several samples are averaged.
      FILTERED: smooth && minified(drawing) && drawing.textures.filters(pixels),
      SIGMOID: curve === 'sigmoid',
      TABLE: table !== undefined,
    });
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.image(pixels), program.at.uPixels);
    if (table) {
      bindTexture(gl, 1, drawing.textures.map(rowsOf(table)), program.at.uTable);
      gl.uniform1i(program.at.uEntries, table.entries);
    }
    gl.uniform1i(program.at.uInvert, layer.invert ? 1 : 0);
    gl.uniform2f(program.at.uRescale, rescale.slope * unit, rescale.intercept);
    gl.uniform2f(program.at.uWindow, ramp.low, ramp.high);
    drawPane(gl);
  };
}

/** Every WebGL2 takes textures of this width. */
const columns = 2048;
/** A table is spread out once, and its texture found again by what it was spread into. */
const spread = new WeakMap<GreyTable, ScoreMap>();

/** All entries of a table, row after row. */
function rowsOf(table: GreyTable): ScoreMap {
  const known = spread.get(table);
  if (known) return known;
  const rows = Math.ceil(table.entries / columns);
  const data = new Float32Array(rows * columns);
  data.set(tableGreys(table));
  const map = { rows, columns, data };
  spread.set(table, map);
  return map;
}
