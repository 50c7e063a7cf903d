/** What every layer needs to draw: the context, the arrays on the card, and where the image lies in the pane. */
import type { Mask } from '#shared/arrays.ts';
import type { HexColour, PixelRectangle, PlacedMap } from '../scene.ts';
import { imageToScreen, turnToImage } from '../view.ts';
import type { ImageFrame, View } from '../view.ts';
import type { frameUniforms, scoreUniforms } from './glsl.ts';
import type { Program } from './program.ts';
import { steepest } from '../steepest.ts';
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

export interface ScreenBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type FrameName = (typeof frameUniforms)[number];
type ScoreName = (typeof scoreUniforms)[number];

/** Whether a device pixel covers more than one image pixel, so that several samples are averaged. As `samplesAcross`. */
export function minified({ surface, view }: Drawing): boolean {
  const scale = view.zoom * surface.ratio;
  return 1 / Math.min(scale, scale * view.aspect) - 0.01 > 1;
}

/** The device pixels an image can touch, from the top left of the pane, with one to spare on each side for outlines. */
export function screenBox({ surface, view, image }: Drawing): ScreenBox {
  const pane = { width: surface.width / surface.ratio, height: surface.height / surface.ratio };
  const corners = [
    imageToScreen(view, pane, [0, 0]),
    imageToScreen(view, pane, [image.width, image.height]),
  ].map(([x, y]) => [x * surface.ratio, y * surface.ratio] as const);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const clamped = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    left: clamped(Math.floor(Math.min(...xs)) - 1, surface.width),
    right: clamped(Math.ceil(Math.max(...xs)) + 1, surface.width),
    top: clamped(Math.floor(Math.min(...ys)) - 1, surface.height),
    bottom: clamped(Math.ceil(Math.max(...ys)) + 1, surface.height),
  };
}

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
  const { across, down } = steepest(placed.map);
  const { rows, columns } = placed.map;
  gl.uniform2f(program.at.uSteepest, (across * columns) / covers.width, (down * rows) / covers.height);
  gl.uniform1f(program.at.uThreshold, threshold === undefined ? -1e30 : float32AtLeast(threshold));
}

const everywhere: Mask = { width: 1, height: 1, data: Uint8Array.of(1) };

/** Binds the pixels that may be coloured to texture unit 3. */
export function useWithin(
  { gl, textures }: Drawing,
  program: Program<'uWithin'>,
  within: Mask | undefined,
): void {
  bindTexture(gl, 3, textures.mask(within ?? everywhere), program.at.uWithin);
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
