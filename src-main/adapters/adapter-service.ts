import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Adapter, WrittenAdapter } from '#shared/adapter.ts';
import { Failure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

export const ADAPTER_ENDING = '.nidus-adapter';

/** Adapters as files: import, export, removal. `changed` is called when there are others. */
export function adapterService(workspace: Workspace, engine: Engine, changed: () => void) {
  const { adapters, runs, folders } = workspace;
  const pathOf = (sha256: string): string => join(folders.adapters, `${sha256}${ADAPTER_ENDING}`);

  const assertFree = (name: string): void => {
    if (adapters.findByName(name)) {
      throw new Failure('invalid', `There is an adapter "${name}" already. Choose another name.`);
    }
  };

  const freeName = (wanted: string): string => {
    const names = [wanted, ...Array.from({ length: 98 }, (_, index) => `${wanted} ${index + 2}`)];
    return names.find((name) => !adapters.findByName(name)) ?? wanted;
  };

  /** Moves an adapter file that the engine has read or written to its place and gives it its row. */
  const take = async (
    file: string,
    name: string,
    written: WrittenAdapter,
    action: string,
  ): Promise<Adapter> => {
    const present = adapters.find(written.sha256);
    if (present) return present;
    await rename(file, pathOf(written.sha256));
    workspace.change(action, { name, sha256: written.sha256 }, () =>
      adapters.create(freeName(name), written),
    );
    changed();
    return adapters.get(written.sha256);
  };

  return {
    assertFree,
    take,
    pathOf,

    /** @throws Failure when the file is no adapter or has been changed */
    async import(path: string): Promise<Adapter> {
      const source = resolve(path);
      const written = await engine.call('inspect-adapter', { path: source }, 'interactive');
      const temporary = `${pathOf(written.sha256)}.importing`;
      await copyFile(source, temporary);
      try {
        return await take(temporary, basename(source, ADAPTER_ENDING), written, 'import adapter');
      } finally {
        await rm(temporary, { force: true });
      }
    },

    async export(sha256: string, path: string): Promise<void> {
      adapters.get(sha256);
      await mkdir(dirname(resolve(path)), { recursive: true });
      await copyFile(pathOf(sha256), path);
    },

    /** An adapter by its file, its name, or the beginning of its hash. */
    async named(what: string): Promise<Adapter> {
      if (existsSync(what)) return this.import(what);
      const found =
        adapters.findByName(what) ??
        adapters.list().find(({ sha256 }) => what.length >= 6 && sha256.startsWith(what));
      if (found) return found;
      throw new Failure('not-found', `There is neither a file nor an adapter "${what}".`);
    },

    async remove(sha256: string): Promise<void> {
      const { name } = adapters.get(sha256);
      const busy = runs
        .list()
        .find(
          ({ settings, state }) =>
            settings.method === 'ad-dinov3' &&
            settings.adapter === sha256 &&
            (state === 'queued' || state === 'running'),
        );
      if (busy) throw new Failure('invalid', `Run ${busy.id} is using ${name}. Cancel it first.`);
      workspace.change('remove adapter', { name, sha256 }, () => adapters.remove(sha256));
      await rm(pathOf(sha256), { force: true });
      changed();
    },
  };
}

export type AdapterService = ReturnType<typeof adapterService>;
