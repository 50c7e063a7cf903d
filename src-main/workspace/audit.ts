import { createHash } from 'node:crypto';
import type { Connection } from './database.ts';

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly action: string;
  readonly detail: string;
}

interface AuditRow extends AuditEntry {
  readonly hash: string;
}

/** Each entry's hash covers the one before it, so a changed or removed entry breaks the chain from there on. */
const chain = (previous: string, entry: Omit<AuditEntry, 'id'>): string =>
  createHash('sha256')
    .update(JSON.stringify([previous, entry.at, entry.action, entry.detail]))
    .digest('hex');

export function auditLog(db: Connection) {
  const last = db.prepare<[], { hash: string }>('SELECT hash FROM audit ORDER BY id DESC LIMIT 1');
  const insert = db.prepare('INSERT INTO audit (at, action, detail, hash) VALUES (?, ?, ?, ?)');
  const all = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY id');
  const newest = db.prepare<[number], AuditEntry>(
    'SELECT id, at, action, detail FROM audit ORDER BY id DESC LIMIT ?',
  );

  return {
    append(action: string, detail: unknown): void {
      const entry = { at: new Date().toISOString(), action, detail: JSON.stringify(detail) };
      insert.run(entry.at, entry.action, entry.detail, chain(last.get()?.hash ?? '', entry));
    },
    newest: (limit: number): AuditEntry[] => newest.all(limit),
    /** False when an entry was altered, removed or put in between. */
    isIntact(): boolean {
      let previous = '';
      for (const row of all.iterate()) {
        if (row.hash !== chain(previous, row)) return false;
        previous = row.hash;
      }
      return true;
    },
  };
}
