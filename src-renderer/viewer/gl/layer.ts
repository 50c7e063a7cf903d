/** What every layer needs to draw: the context, the arrays on the card, and where the image lies in the pane. */
import type { Mask } from '#shared/arrays.ts';
import type { HexColour, PixelRectangle, PlacedMap } from '../scene.ts';
import { turnToImage } from '../view.ts';
import type { ImageFrame, View } from '../view.ts';
import type { frameUniforms, scoreUniforms, withinUniforms } from './glsl.ts';
import type { Program } from './program.ts';
import type { TextureCache } from './textures.ts';

/** A pane in device pixels. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export interface Drawing {
  readonly gl: WebGL2RenderingContext;
  readonly textures: TextureCache;
  readonly surface: Surface;
  readonly view: View;
  readonly image: ImageFrame;
}

type FrameName = (typeof frameUniforms)[number];
type WithinName = (typeof withinUniforms)[number];
type ScoreName = (typeof scoreUniforms)[number];

/** Makes the program current and tells it where the image lies. */
export function useFrame({ gl, surface, view, image }: Drawing, program: Program<FrameName>): void {
  const scale = view.zoom * surface.ratio;
  gl.useProgram(program.handle);
  gl.uniform2f(program.at.uPane, surface.width, surface.height);
  gl.uniform2f(program.at.uCentre, view.cx, view.cy);
  gl.uniform2f(program.at.uScale, scale, scale * view.aspect);
  gl.uniformMatrix2fv(program.at.uTurn, false, [
    ...turnToImage(view.orientation, [1, 0]),
    ...turnToImage(view.orientation, [0, 1]),
  ]);
  gl.uniform2f(program.at.uImageSize, image.width, image.height);
  gl.uniform1f(program.at.uRatio, surface.ratio);
}

/** Binds the score map to texture unit 0. Without a threshold every score passes, but missing ones. */
export function useScores(
  { gl, textures, image }: Drawing,
  program: Program<ScoreName>,
  placed: PlacedMap,
  threshold: number | undefined,
): void {
  const covers: PixelRectangle = placed.covers ?? { x: 0, y: 0, width: image.width, height: image.height };
  bindTexture(gl, 0, textures.map(placed.map), program.at.uMap);
  gl.uniform4f(program.at.uCovers, covers.x, covers.y, covers.width, covers.height);
  gl.uniform1i(program.at.uPatches, placed.sampling === 'patches' ? 1 : 0);
  gl.uniform1f(program.at.uThreshold, threshold === undefined ? -1e30 : float32AtLeast(threshold));
}

const everywhere: Mask = { width: 1, height: 1, data: Uint8Array.of(1) };

/** Binds the pixels that may be coloured to texture unit 3. */
export function useWithin(
  { gl, textures }: Drawing,
  program: Program<WithinName>,
  within: Mask | undefined,
): void {
  bindTexture(gl, 3, textures.mask(within ?? everywhere), program.at.uWithin);
  gl.uniform1i(program.at.uEverywhere, within === undefined ? 1 : 0);
}

export function bindTexture(
  gl: WebGL2RenderingContext,
  unit: number,
  texture: WebGLTexture,
  sampler: WebGLUniformLocation | null,
): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.uniform1i(sampler, unit);
}

export function setColour(
  gl: WebGL2RenderingContext,
  location: WebGLUniformLocation | null,
  colour: HexColour,
): void {
  const value = Number.parseInt(colour.slice(1), 16);
  gl.uniform3f(location, ((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255);
}

export function drawPane(gl: WebGL2RenderingContext): void {
  gl.drawArrays(gl.TRIANGLES, 0, 3);
}

/**
 * The smallest float32 that is not below a number. Scores are float32, so `score >= threshold` then decides on
 * the card exactly as it does in double precision.
 */
export function float32AtLeast(value: number): number {
  const near = Math.fround(value);
  if (!(near < value)) return near;
  const bits = new Int32Array(Float32Array.of(near).buffer);
  if (near === 0) return 2 ** -149;
  bits[0] = bits[0]! + (near > 0 ? 1 : -1);
  return new Float32Array(bits.buffer)[0]!;
}
