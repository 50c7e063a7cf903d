import { type Adapter, AdapterDescription, type WrittenAdapter } from '#shared/adapter.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

interface AdapterRow {
  sha256: string;
  name: string;
  description: string;
  bytes: number;
  added_at: string;
}

const toAdapter = (row: AdapterRow): Adapter => {
  const { images, ...description } = AdapterDescription.parse(JSON.parse(row.description));
  const { sha256, name, bytes, added_at: addedAt } = row;
  return { sha256, name, bytes, addedAt, description, trainedImages: images.length };
};

/** Adapters of this workspace; their files are named by their hash. */
export function adapterRepository(db: Connection) {
  const all = db.prepare<[], AdapterRow>('SELECT * FROM adapter ORDER BY added_at DESC, name');
  const one = db.prepare<[string], AdapterRow>('SELECT * FROM adapter WHERE sha256 = ?');
  const byName = db.prepare<[string], AdapterRow>('SELECT * FROM adapter WHERE name = ?');
  const insert = db.prepare('INSERT INTO adapter VALUES (?, ?, ?, ?, ?)');
  const remove = db.prepare<[string]>('DELETE FROM adapter WHERE sha256 = ?');

  const rowOf = (sha256: string): AdapterRow => {
    const row = one.get(sha256);
    if (row) return row;
    throw new Failure(
      'not-found',
      `There is no adapter ${sha256.slice(0, 12)} in this workspace. Import it first.`,
    );
  };

  return {
    list: (): Adapter[] => all.all().map(toAdapter),
    find(sha256: string): Adapter | undefined {
      const row = one.get(sha256);
      return row && toAdapter(row);
    },
    findByName(name: string): Adapter | undefined {
      const row = byName.get(name);
      return row && toAdapter(row);
    },
    get: (sha256: string): Adapter => toAdapter(rowOf(sha256)),
    /** SHA-256 of the pixels of every image it was trained on. */
    imagesOf: (sha256: string): readonly string[] =>
      AdapterDescription.parse(JSON.parse(rowOf(sha256).description)).images,
    create: (name: string, { sha256, bytes, description }: WrittenAdapter): void =>
      void insert.run(sha256, name, JSON.stringify(description), bytes, new Date().toISOString()),
    remove: (sha256: string): void => void remove.run(sha256),
  };
}
