import { randomBytes } from 'node:crypto';
import type { Connection } from '../database.ts';

/** Keys that never leave the workspace: what is hashed with them means nothing to anybody else. */
export function secretRepository(db: Connection) {
  const find = db.prepare<[string], { value: Uint8Array }>('SELECT value FROM secret WHERE name = ?');
  const insert = db.prepare('INSERT INTO secret (name, value) VALUES (?, ?)');

  return {
    /** Made when it is first asked for, and the same from then on. */
    key(name: 'identity'): Uint8Array {
      const present = find.get(name)?.value;
      if (present) return Uint8Array.from(present);
      const fresh = randomBytes(32);
      insert.run(name, fresh);
      return Uint8Array.from(fresh);
    },
  };
}
