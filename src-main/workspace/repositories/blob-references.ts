import type { Connection } from '../database.ts';

/**
 * Every hash that a row names. A column that names a blob ends in `sha256`, so that a table of later days needs no line
 * here; hashes of other things (models, adapters) do no harm.
 */
export function blobReferenceRepository(db: Connection) {
  const columns = db
    .prepare<[], { table: string; column: string }>(
      `SELECT m.name AS "table", p.name AS "column" FROM sqlite_master m JOIN pragma_table_info(m.name) p
       WHERE m.type = 'table' AND p.name LIKE '%sha256'`,
    )
    .all();
  const all = db.prepare<[], { sha256: string | null }>(
    columns.map(({ table, column }) => `SELECT "${column}" AS sha256 FROM "${table}"`).join(' UNION '),
  );
  return {
    all: (): Set<string> => new Set(all.all().flatMap(({ sha256 }) => sha256 ?? [])),
  };
}
