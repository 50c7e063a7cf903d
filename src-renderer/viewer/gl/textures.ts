/** Arrays on the graphics card: uploaded at first use, the longest unused deleted when there are too many. */
import type { Mask, PixelArray, ScoreMap } from '#shared/arrays.ts';
import type { LiveLabels } from '../live-labels.ts';
import type { ColourGrid, PixelRectangle } from '../scene.ts';

/** NaN is not dependable in shaders: a value far below every real one says "missing" there. See glsl.ts. */
const missing = -1e35;

export interface TextureLimits {
  readonly count: number;
  readonly bytes: number;
}

interface Entry {
  readonly texture: WebGLTexture;
  /** Of live labels: the version on the card. */
  version?: number;
  readonly bytes: number;
  lastUse: number;
}

interface Upload {
  readonly width: number;
  readonly height: number;
  readonly internalFormat: GLenum;
  readonly format: GLenum;
  readonly type: GLenum;
  readonly data: ArrayBufferView;
  /** Whether the card may mix neighbouring values; it reads them one by one otherwise. */
  readonly filtered?: boolean;
}

export class TextureCache {
  readonly #gl: WebGL2RenderingContext;
  readonly #limits: TextureLimits;
  /** Weak, so that a texture never keeps its array alive. */
  readonly #byArray = new WeakMap<object, Entry>();
  /** From the longest unused to the last used. */
  readonly #entries = new Set<Entry>();
  readonly #filtersFloats: boolean;
  #bytes = 0;
  #drawing = 0;

  constructor(gl: WebGL2RenderingContext, limits: TextureLimits) {
    this.#gl = gl;
    this.#limits = limits;
    this.#filtersFloats = gl.getExtension('OES_texture_float_linear') !== null;
  }

  /** Whether the card can mix neighbouring values of an image by itself. */
  filters({ channels, data }: PixelArray): boolean {
    return (channels === 3 && data instanceof Uint8Array) || this.#filtersFloats;
  }

  get statistics(): { readonly textures: number; readonly bytes: number } {
    return { textures: this.#entries.size, bytes: this.#bytes };
  }

  /** R32F for grey, RGB8 for 8-bit colour, RGB32F for deeper colour; values as stored (RGB8: divided by 255). */
  image(pixels: PixelArray): WebGLTexture {
    const { width, height, channels, data } = pixels;
    const gl = this.#gl;
    const size = { width, height, filtered: this.filters(pixels) };
    return this.#texture(pixels, () => {
      if (channels === 1) {
        return { ...size, internalFormat: gl.R32F, format: gl.RED, type: gl.FLOAT, data: floats(data) };
      }
      return data instanceof Uint8Array
        ? { ...size, internalFormat: gl.RGB8, format: gl.RGB, type: gl.UNSIGNED_BYTE, data }
        : { ...size, internalFormat: gl.RGB32F, format: gl.RGB, type: gl.FLOAT, data: floats(data) };
    });
  }

  /** R32F. */
  map(map: ScoreMap): WebGLTexture {
    const gl = this.#gl;
    return this.#texture(map, () => ({
      width: map.columns,
      height: map.rows,
      internalFormat: gl.R32F,
      format: gl.RED,
      type: gl.FLOAT,
      data: floats(map.data),
    }));
  }

  /** R8UI. */
  mask(mask: Mask): WebGLTexture {
    const gl = this.#gl;
    return this.#texture(mask, () => ({
      width: mask.width,
      height: mask.height,
      internalFormat: gl.R8UI,
      format: gl.RED_INTEGER,
      type: gl.UNSIGNED_BYTE,
      data: mask.data,
    }));
  }

  /** R8UI. What changed since the last time, and nothing else, is uploaded again. */
  labels(labels: LiveLabels): WebGLTexture {
    const texture = this.mask(labels.map);
    const entry = this.#byArray.get(labels.map);
    if (entry === undefined) return texture;
    const area = entry.version === undefined ? null : labels.changedSince(entry.version);
    entry.version = labels.version;
    if (area !== null) uploadArea(this.#gl, texture, labels.map, area);
    return texture;
  }

  /** RGBA8. */
  colours(grid: ColourGrid): WebGLTexture {
    const gl = this.#gl;
    return this.#texture(grid, () => ({
      width: grid.columns,
      height: grid.rows,
      internalFormat: gl.RGBA8,
      format: gl.RGBA,
      type: gl.UNSIGNED_BYTE,
      data: grid.data,
    }));
  }

  /** Ends the drawing of one pane: what it used stays, what is too much beside it goes. */
  trim(): void {
    for (const entry of this.#entries) {
      const fits = this.#entries.size <= this.#limits.count && this.#bytes <= this.#limits.bytes;
      if (fits || entry.lastUse === this.#drawing) break;
      this.#gl.deleteTexture(entry.texture);
      this.#entries.delete(entry);
      this.#bytes -= entry.bytes;
    }
    this.#drawing++;
  }

  clear(): void {
    for (const entry of this.#entries) this.#gl.deleteTexture(entry.texture);
    this.#entries.clear();
    this.#bytes = 0;
  }

  #texture(array: object, describe: () => Upload): WebGLTexture {
    const known = this.#byArray.get(array);
    const entry = known && this.#entries.delete(known) ? known : this.#upload(array, describe());
    entry.lastUse = this.#drawing;
    this.#entries.add(entry);
    return entry.texture;
  }

  #upload(array: object, upload: Upload): Entry {
    const texture = createTexture(this.#gl, upload);
    const entry = { texture, bytes: upload.data.byteLength, lastUse: this.#drawing };
    this.#byArray.set(array, entry);
    this.#bytes += entry.bytes;
    return entry;
  }
}

/** Replaces a part of an R8UI texture from the whole array it came from. */
function uploadArea(
  gl: WebGL2RenderingContext,
  texture: WebGLTexture,
  { width, data }: Mask,
  { x, y, width: columns, height: rows }: PixelRectangle,
): void {
  gl.activeTexture(gl.TEXTURE0 + uploadUnit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, width);
  gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, x);
  gl.pixelStorei(gl.UNPACK_SKIP_ROWS, y);
  gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, columns, rows, gl.RED_INTEGER, gl.UNSIGNED_BYTE, data);
  for (const setting of [gl.UNPACK_ROW_LENGTH, gl.UNPACK_SKIP_PIXELS, gl.UNPACK_SKIP_ROWS])
    gl.pixelStorei(setting, 0);
}

const uploadUnit = 7;

/** Unless it says otherwise, a texture is read with `texelFetch` alone and needs neither filters nor their extensions. */
export function createTexture(gl: WebGL2RenderingContext, upload: Upload): WebGLTexture {
  const texture = gl.createTexture();
  // A unit of its own, so that an upload never takes the place of what a layer has just bound.
  gl.activeTexture(gl.TEXTURE0 + uploadUnit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  const filter = upload.filtered ? gl.LINEAR : gl.NEAREST;
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, filter],
    [gl.TEXTURE_MAG_FILTER, filter],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const { internalFormat, width, height, format, type, data } = upload;
  gl.texImage2D(gl.TEXTURE_2D, 0, internalFormat, width, height, 0, format, type, data);
  return texture;
}

function floats(data: PixelArray['data']): Float32Array {
  if (!(data instanceof Float32Array)) return new Float32Array(data);
  return data.every(Number.isFinite) ? data : data.map((value) => (Number.isFinite(value) ? value : missing));
}
