import { join } from 'node:path';
import { forkEngine, type SpawnEngine } from './engine/spawn.ts';

/** Folder with `models/`, `resources/` and `out/` when Nidus runs from its sources. */
export const installation = join(import.meta.dirname, '..');

export const rendererFolder = join(installation, 'out', 'renderer');

/** The engine from its sources, on this very Node. */
export const spawnEngine: SpawnEngine = forkEngine(join(installation, 'src-engine', 'main.ts'));
