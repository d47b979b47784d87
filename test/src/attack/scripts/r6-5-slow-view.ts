import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Query } from '@lianyi/domain';
import { SqliteQueries } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';

/** Turns that the event loop gets before and after the statement, and by chance. */
const FEW = 20;
const byPatient: Query = {
  view: 'notes',
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'code', type: 'text' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
};
/** Some hundred thousand rows that are all looked at for one patient, of whom there is none. */
const SLOW = `create view notes as with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)
  select 'P-' || i as patient_number, i as code from n`;

/** A member with a permit for one pointer has the hospital’s node ask a view that has no index on the patient. */
async function run(): Promise<AttackOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-r6-5-'));
  try {
    const file = join(folder, 'hospital.sqlite');
    const db = new DatabaseSync(file);
    db.exec(SLOW);
    db.close();
    let [turns, isOver] = [0, false];
    const turn = (): void => {
      turns += 1;
      if (!isOver) setTimeout(turn, 1);
    };
    turn();
    // a machine with too much to do may end it before
    await refusedWith(new SqliteQueries(file).rows(byPatient, { patient: 'nobody' }, 'BMSP'));
    isOver = true;
    return { succeeded: turns < FEW, seen: `while a query was under way, all other work of the node had ${turns} turns` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const slowView: Attack = {
  id: 'R6-5',
  title: 'a query that a member may ask for stands in the event loop of the hospital’s node',
  defences: [
    {
      file: 'application/member-node/src/queries/sqlite-queries.ts',
      name: 'SqliteQueries.#read',
      body: [
        "const { DatabaseSync } = require('node:sqlite');",
        'const db = new DatabaseSync(reading.file, { readOnly: true });',
        'const rows = db.prepare(reading.sql).all(...reading.parameters);',
        'db.close();',
        'return Promise.resolve({ rows });',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
