/** The anomaly map in colour over the image, transparent below its threshold. */
import type { ScoreMap } from '#shared/arrays.ts';
import { colourMapNames, colourTable } from '#shared/colour-maps.ts';
import type { MapOverlay } from '../scene.ts';
import { frameGlsl, frameUniforms, scoreGlsl, scoreUniforms, withinGlsl } from './glsl.ts';
import { bindTexture, drawPane, setColour, useFrame, useScores, useWithin } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';
import { createTexture } from './textures.ts';

type Switch = 'PATCHES' | 'WITHIN' | 'CONTOUR' | 'TRANSFERRED';

const fragment = `${frameGlsl}${scoreGlsl}${withinGlsl}
uniform sampler2D uColours, uTransfer;
uniform int uColourMap;
uniform vec2 uRange;
uniform float uOpacity;
uniform bool uByValue;
uniform vec3 uContourColour;

void main() {
  vec2 p = imagePoint();
  float s = score(p);
  if (s < MISSING || s < uThreshold || !within(p)) discard;
  if (CONTOUR) {
    if (onContour(p, s)) {
      outColour = vec4(uContourColour, 1.0);
      return;
    }
  }
  float part = clamp((s - uRange.x) / (uRange.y - uRange.x), 0.0, 1.0);
  if (TRANSFERRED) part = bilinear(uTransfer, vec2(part * float(textureSize(uTransfer, 0).x - 1) + 0.5, 0.5)).r;
  float alpha = uOpacity * (uByValue ? part : 1.0);
  outColour = vec4(texelFetch(uColours, ivec2(int(part * 255.0 + 0.5), uColourMap), 0).rgb * alpha, alpha);
}`;

export function createMapLayer(gl: WebGL2RenderingContext) {
  const uniforms = [
    ...([
      ...frameUniforms,
      ...scoreUniforms,
      'uColours',
      'uColourMap',
      'uRange',
      'uOpacity',
      'uByValue',
    ] as const),
    ...(['uContourColour', 'uTransfer', 'uWithin'] as const),
  ];
  const programs = createPrograms<(typeof uniforms)[number], Switch>(gl, fragment, uniforms);
  const colours = createColours(gl);
  const straight: ScoreMap = { rows: 1, columns: 2, data: Float32Array.of(0, 1) };
  return (drawing: Drawing, overlay: MapOverlay): void => {
    const { threshold, range, contour, transfer } = overlay;
    const program = programs({
      PATCHES: overlay.sampling === 'patches',
      WITHIN: overlay.within !== undefined,
      CONTOUR: contour !== undefined && threshold !== undefined,
      TRANSFERRED: transfer !== undefined,
    });
    useFrame(drawing, program);
    useScores(drawing, program, overlay, threshold);
    bindTexture(gl, 1, colours, program.at.uColours);
    bindTexture(gl, 2, drawing.textures.map(transfer ?? straight), program.at.uTransfer);
    useWithin(drawing, program, overlay.within);
    gl.uniform1i(program.at.uColourMap, colourMapNames.indexOf(overlay.colourMap));
    gl.uniform2f(program.at.uRange, range.low, range.high > range.low ? range.high : range.low + 1);
    gl.uniform1f(program.at.uOpacity, overlay.opacity);
    gl.uniform1i(program.at.uByValue, overlay.alpha === 'by-value' ? 1 : 0);
    setColour(gl, program.at.uContourColour, contour ?? '#000000');
    drawPane(gl);
  };
}

/** All colour maps in one texture, a row each. */
function createColours(gl: WebGL2RenderingContext): WebGLTexture {
  const data = new Uint8Array(colourMapNames.length * 256 * 3);
  for (const [row, name] of colourMapNames.entries()) data.set(colourTable(name), row * 256 * 3);
  const format = { internalFormat: gl.RGB8, format: gl.RGB, type: gl.UNSIGNED_BYTE };
  return createTexture(gl, { width: 256, height: colourMapNames.length, ...format, data });
}
