/** Maps of a run in the size of a thumbnail: fetched once, coloured, drawn by `TinyMap.vue`. */
import type { ScoreMap } from '#shared/arrays.ts';
import type { ImageId, RunId } from '#shared/domain.ts';
import { routes } from '#shared/routes.ts';
import { fetchBytes } from '../../../api/client.ts';
import { colourTable, type ColourMapName } from '../../../viewer/viewer.ts';
import { createLruCache } from '../model/lru.ts';

const maps = createLruCache<string, Promise<ScoreMap>>(2000);

/** Raw scores on the patch grid of a run's image. */
export const fetchMap = (run: RunId, image: ImageId): Promise<ScoreMap> => fetchGrid(routes.map(run, image));

/** Scores on the patch grid at an address; fetched once. */
export function fetchGrid(path: string): Promise<ScoreMap> {
  const known = maps.get(path);
  if (known) return known;
  const loading = load(path);
  maps.set(path, loading);
  loading.catch(() => maps.delete(path));
  return loading;
}

async function load(path: string): Promise<ScoreMap> {
  const response = await fetchBytes(path);
  const [rows = 0, columns = 0] = (response.headers.get('x-nidus-grid') ?? '').split(',').map(Number);
  const data = new Float32Array(await response.arrayBuffer());
  if (rows * columns !== data.length) throw new Error(`${path} does not have the size it says.`);
  return { rows, columns, data };
}

/** The upper half of the scores of one map in colour, the rest transparent: a hint where to look, not a measurement. */
export function tinyPicture({ rows, columns, data }: ScoreMap, colourMap: ColourMapName): ImageData {
  const picture = new ImageData(columns, rows);
  const table = colourTable(colourMap);
  // Masked patches are 0 on the raw scale: the range is that of the others.
  const counted = data.filter((value) => value > 0);
  const low = counted.reduce((a, b) => Math.min(a, b), Infinity);
  const high = counted.reduce((a, b) => Math.max(a, b), -Infinity);
  for (let i = 0; i < data.length; i++) {
    const part = (data[i]! - low) / (high - low);
    if (!(part > 0.5)) continue;
    const entry = Math.round(part * 255) * 3;
    picture.data.set(table.subarray(entry, entry + 3), i * 4);
    picture.data[i * 4 + 3] = 255 * Math.min(1, (part - 0.5) * 2.4);
  }
  return picture;
}
