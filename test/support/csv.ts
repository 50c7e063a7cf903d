import { parse } from 'csv-parse/sync';

/** Rows of a table by the names of its header. */
export const parseCsv = (text: string): Record<string, string>[] =>
  parse(text, { columns: true }) as Record<string, string>[];
