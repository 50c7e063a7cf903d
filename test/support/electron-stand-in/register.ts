/** `node --import` this to run the built desktop host without Electron: `electron` is then the stand-in beside this file. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

await import('./driver.ts');
