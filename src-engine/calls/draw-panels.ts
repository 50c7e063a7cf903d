import sharp from 'sharp';
import { anomalyMap, resizeBilinear } from '#shared/anomaly-map.ts';
import type { Mask, PixelArray } from '#shared/arrays.ts';
import { colourTable } from '#shared/colour-maps.ts';
import type { EngineCalls } from '#shared/engine-protocol.ts';
import { fullMap } from '#shared/full-map.ts';
import { displayBytes } from '../imaging/display.ts';
import type { EngineState } from '../state.ts';

/** Longer side of a panel in pixels: sharp at the report's panel width on a 300 dpi printer. */
const panelSide = 400;
const overlayOpacity = 0.75;
const truthColour = [0x5c, 0xc8, 0xff] as const;
const contourColour = [255, 255, 255] as const;

/** An 8-bit RGB picture, row-major. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

type Panels = EngineCalls['draw-panels'];

/** The pictures of one image in a report. Image and map are resized by the same rule, so they lie on each other. */
export async function drawPanels(state: EngineState, request: Panels['request']): Promise<Panels['reply']> {
  const { item, scale, threshold, range, encoding } = request;
  const query = await picture(await state.images.pixels(request.pixels));
  const { width, height } = query;
  // Smoothing counts in pixels of the image, so the map is drawn at its size before that of the panel.
  const own = fullMap(anomalyMap(item.scores, item.foreground, scale), item.mapRule, item.height, item.width);
  const scores = resizeBilinear(own, height, width);
  const mask = await state.images.truth(item.truth, item.width, item.height);
  const truth = mask && enlarge(mask, width, height);

  const map = colourOver(query, scores.data, range);
  if (threshold !== null) {
    drawOutline(
      map,
      Uint8Array.from(scores.data, (score) => (score >= threshold ? 1 : 0)),
      contourColour,
    );
  }
  const outlined = truth && copy(query);
  if (truth && outlined) drawOutline(outlined, truth, truthColour);
  const support = request.support && (await picture(await state.images.pixels(request.support)));
  return {
    query: await encode(query, encoding),
    support: support && (await encode(support, encoding)),
    map: await encode(map, encoding),
    truth: outlined ? await encode(outlined, encoding) : null,
  };
}

export function drawColourBar(): Promise<Uint8Array> {
  const height = 12;
  const table = colourTable('inferno');
  const rgb = new Uint8Array(256 * height * 3);
  for (let row = 0; row < height; row++) rgb.set(table, row * table.length);
  return encode({ width: 256, height, rgb }, 'jpeg');
}

async function picture(pixels: PixelArray): Promise<Picture> {
  const factor = panelSide / Math.max(pixels.width, pixels.height);
  const [width, height] = [Math.round(pixels.width * factor), Math.round(pixels.height * factor)];
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
  const rgb = await sharp(displayBytes(pixels), { raw, limitInputPixels: false })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, rgb: new Uint8Array(rgb) };
}

const copy = ({ width, height, rgb }: Picture): Picture => ({ width, height, rgb: rgb.slice() });

/** Colours by score; low scores stay transparent, so that the picture remains readable where nothing departs. */
function colourOver(
  base: Picture,
  scores: Float32Array,
  { low, high }: { low: number; high: number },
): Picture {
  const table = colourTable('inferno');
  const drawn = copy(base);
  for (let pixel = 0; pixel < scores.length; pixel++) {
    const share = Math.min(1, Math.max(0, (scores[pixel]! - low) / (high - low || 1)));
    const alpha = overlayOpacity * Math.min(1, share * 2);
    const entry = Math.round(share * 255) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      drawn.rgb[at] = Math.round(drawn.rgb[at]! * (1 - alpha) + table[entry + channel]! * alpha);
    }
  }
  return drawn;
}

/** Nearest neighbour: a mask has no values in between. */
function enlarge(mask: Mask, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++)
      data[y * width + x] = mask.data[from + Math.floor(((x + 0.5) * mask.width) / width)]!;
  }
  return data;
}

/** Two pixels wide, inside the region. */
function drawOutline(
  { width, height, rgb }: Picture,
  region: Uint8Array,
  colour: readonly [number, number, number],
): void {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && region[y * width + x] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      const border = [1, 2].some(
        (d) => !inside(x - d, y) || !inside(x + d, y) || !inside(x, y - d) || !inside(x, y + d),
      );
      if (border) rgb.set(colour, (y * width + x) * 3);
    }
  }
}

type Encoding = Panels['request']['encoding'];

/** JPEG keeps a report of many panels small; without chroma subsampling its thin coloured lines stay crisp. */
async function encode({ width, height, rgb }: Picture, encoding: Encoding): Promise<Uint8Array> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
  return encoding === 'png'
    ? picture.png({ compressionLevel: 6 }).toBuffer()
    : picture.jpeg({ quality: 88, chromaSubsampling: '4:4:4' }).toBuffer();
}
