import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** What one query is to read, from where, and how much of it at most. */
export interface Reading {
  readonly file: string;
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
  readonly mostRows: number;
  /** Of the texts of all cells, as UTF-8. */
  readonly mostBytes: number;
}
type Cell = string | null;
/** The rows, at most one more than were wanted; or why there are none. What the database says may hold values, so it is not told. */
export type ReadingAnswer = { readonly rows: readonly Readonly<Record<string, Cell>>[] } | { readonly failed: 'database' | 'too-large' };

function answer({ file, sql, parameters, mostRows, mostBytes }: Reading): ReadingAnswer {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const rows: Readonly<Record<string, Cell>>[] = [];
    let bytes = 0;
    for (const row of db.prepare(sql).iterate(...parameters)) {
      // every column is cast to text by the query
      const cells = row as Readonly<Record<string, Cell>>;
      for (const cell of Object.values(cells)) bytes += Buffer.byteLength(cell ?? '');
      if (bytes > mostBytes) return { failed: 'too-large' };
      rows.push(cells);
      if (rows.length > mostRows) break;
    }
    return { rows };
  } catch {
    return { failed: 'database' };
  }
}

// A process of one query: a statement of SQLite runs to its end in whatever thread it is in, and only a process can be ended before.
if (require.main === module) {
  process.once('message', (reading: Reading) => {
    process.send?.(answer(reading), () => {
      process.disconnect();
    });
  });
}
