import type { z } from 'zod';
import type { EngineStatus } from '#shared/contract/system.ts';

const modelOnDevice = (model: string, device: string) =>
  model.includes(' on ') ? model : `${model} on ${device}`;

/** The engine in a few words for the status bar: what runs where, and how fast it really is. */
export function engineLine(engine: z.infer<typeof EngineStatus> | undefined): {
  text: string;
  tone: 'plain' | 'warning';
} {
  if (engine === undefined) return { text: 'Engine', tone: 'plain' };
  if (engine.state === 'gone')
    return { text: 'Engine stopped, starts again with the next work', tone: 'warning' };
  if (engine.state === 'starting') return { text: 'Engine starting', tone: 'plain' };
  const what = engine.model === null ? 'Engine idle' : modelOnDevice(engine.model, engine.device);
  const speed = engine.millisecondsPerImage;
  if (speed === null) return { text: what, tone: 'plain' };
  return { text: `${what} ${speed < 10 ? speed.toFixed(1) : Math.round(speed)} ms an image`, tone: 'plain' };
}
