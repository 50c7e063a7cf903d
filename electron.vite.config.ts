import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const path = (name: string) => resolve(import.meta.dirname, name);

export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        // The engine is an entry of its own: it runs in a process that may die.
        input: {
          electron: path('src-main/hosts/electron.ts'),
          engine: path('src-engine/main.ts'),
          'input-worker': path('src-engine/input-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload script must be one CommonJS file.
      externalizeDeps: false,
      rollupOptions: {
        input: { bridge: path('src-preload/bridge.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: path('src-renderer'),
    build: { outDir: path('out/renderer'), rollupOptions: { input: path('src-renderer/index.html') } },
    plugins: [vue()],
  },
});
