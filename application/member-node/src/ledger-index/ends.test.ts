import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantOf, transactions } from '@lianyi/domain';
import { administered, asked, hired, NOW, person, staffEntry, staffKey } from './member-chain.fixture';
import { type PatientChain, usePatientChain } from './patient-chain.fixture';
import { type IndexTables } from './tables';

/**
 * What each table keeps that ends by time, and who judges that end: `index: <file>, <words>`: the index by the chaincode's own rule, as that test tries; `chaincode`: the
 * own hospital's, whose last word on a release is asked at the release's own time (`domain/src/access/ends-again.test.ts` has which ends that word passes over);
 * `none`: nothing in it ends by time.
 */
const ends = {
  delegation: 'index: delegate-index.test.ts, their time is over',
  ticket: 'index: own-ticket-index.test.ts, lasts longer',
  emergency_signature: 'index: signature-index.test.ts, at its end',
  recovery: 'index: recovery-index.test.ts, the cooling-off is not over',
  parameter_proposal: 'index: parameter-index.test.ts, lapses later',
  staff: 'index: ends.test.ts, a window of duty',
  consent: 'chaincode: the end of a permission, as the patient has signed it',
  access_approval: 'chaincode: the end of an approval, as an officer has said it',
  permit_use: 'none: uses end by number, uses-index.test.ts',
  copy: 'none: by when a copy must go opens nothing',
  relationship: 'none',
  capacity: 'none',
  guardian_set: 'none',
  written_recovery: 'none',
  emergency_choice: 'none',
  written_before: 'none',
  patient: 'none',
  organisation_kinds: 'none',
  device: 'none: a device is revoked',
  record: 'none: how long it must be kept opens nothing',
  query_template: 'none',
  access_parameter: 'none',
  function_key: 'none',
  function_deal: 'none',
  function_acceptance: 'none',
  definition: 'none: whose certificates are over, peers say',
  seen_update: 'none',
  said_statement: 'none: a statement’s window is looked at when it is followed, said-in-time.test.ts',
  told_time: 'none',
  block_clock: 'none',
  pin: 'none: guesses end by number',
  told_event: 'none',
  read_record: 'none',
  alarm: 'none',
  checkpoint: 'none',
  block: 'none',
  ledger_transaction: 'none',
  ledger_event: 'none',
} as const satisfies Readonly<Record<keyof IndexTables, `index: ${string}` | `chaincode: ${string}` | `none${string}`>>;

describe('what ends by time', () => {
  it.each(Object.entries(ends).filter(([, what]) => what.startsWith('index: ')))(
    'in the table %s is judged where it is said to be: %s',
    (_table, what) => {
      const [, file = '', words = ''] = /^index: (\S+), (.+)$/.exec(what) ?? [];
      const path = join(__dirname, file);
      expect([file, existsSync(path)]).toEqual([file, true]);
      expect(readFileSync(path, 'utf8')).toContain(words);
    },
  );

  describe('of who asks: a window of duty', () => {
    const used = usePatientChain();
    let chain: PatientChain;
    beforeEach(() => {
      chain = used();
    });
    const clinician = person('AMSP', 'clinician', ['clinician'], ['internal']);
    const { mspId, actorTag } = clinician;
    const DEFAULT = { provisionIds: ['default'], grantVersions: [] };
    it.each<readonly [string, number, number, string]>([
      ['within it', -60_000, 1, 'given'],
      ['at its end', -60_000, 0, 'request'],
      ['long after it', -120_000, -60_000, 'request'],
      ['before it', 1, 60_000, 'request'],
    ])('counts %s', async (_when, from, until, word) => {
      const dutyWindows = [{ from: instantOf(NOW + from), until: instantOf(NOW + until) }];
      const written = { [staffKey(mspId, actorTag)]: staffEntry(clinician, { dutyWindows }) };
      await chain.add(hired(clinician), administered(mspId, transactions.UpdateStaffDuty, { actorTag, dutyWindows }, written));
      await chain.add(asked(clinician, DEFAULT));
      expect([await chain.wordOn(clinician, DEFAULT), chain.names()]).toEqual([word, word === 'given' ? [] : ['ticket-without-request']]);
    });
  });
});
