import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { Failure } from '#shared/errors.ts';

/** A row of a table with a heading; columns by their names in lower case. */
export interface TableRow {
  /** Counted from 1, the heading included. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string | undefined>>;
}

/**
 * A CSV file whose first line names the columns; commas, semicolons or tabs, told from that line.
 * @throws Failure('unreadable') naming file and line where it is no table.
 */
export async function readTable(path: string): Promise<TableRow[]> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  const heading = text.slice(0, text.search(/\r?\n|$/));
  const count = (delimiter: string) => heading.split(delimiter).length;
  const delimiter = [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0]!;
  try {
    const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      delimiter,
      trim: true,
      skip_empty_lines: true,
      info: true,
    });
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Failure('unreadable', `${basename(path)}: this is not a table (${error.message}).`, {
      cause: error,
    });
  }
}
