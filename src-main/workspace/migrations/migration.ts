import type { Database } from 'better-sqlite3';

/** Statements, or work that needs more than SQL; inside the transaction that brings a database up to date. */
export type Migration = string | ((db: Database) => void);
