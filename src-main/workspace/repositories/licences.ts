import type { Connection } from '../database.ts';

/** Which licences somebody accepted in this workspace, and when. */
export function licenceRepository(db: Connection) {
  const one = db.prepare<[string], { accepted_at: string }>(
    'SELECT accepted_at FROM licence_acceptance WHERE licence = ?',
  );
  const insert = db.prepare<[string, string]>('INSERT INTO licence_acceptance VALUES (?, ?)');
  return {
    accepted: (licence: string): string | null => one.get(licence)?.accepted_at ?? null,
    accept: (licence: string): void => void insert.run(licence, new Date().toISOString()),
  };
}
