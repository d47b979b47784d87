import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson, instantOf, openByRegistrar, proposeDeath, proposeDelegation, transactions } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import { digestOfIndex } from './index-digest';
import { LedgerIndex } from './ledger-index';
import { nonce, originOf, registrarA, signedBy } from './member-chain.fixture';
import { type PatientChain, pseudonym, pseudonymKey } from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';
import { auditLine, circumstances, RecoveryWorld } from './recovery-world.fixture';
import { evidence, untold, useSaidByStaff } from './said-by-staff.fixture';
import { type IndexTables } from './tables';

/**
 * What an index concludes, and whether it counts without what the patient is shown of it: `line`: not without the line of the patient's audit,
 * as this file tries; `line: <file>`: likewise, as that file tries; else why it does.
 */
const countsWithout = {
  delegation: 'line',
  recovery: 'line',
  capacity: 'line',
  ticket: 'line: emergency-index.test.ts (other permits rest on what the patient has signed)',
  pin: 'line: pin-index.test.ts (guesses; what is stored opens nothing but what was dealt, and what is removed closes)',
  patient: 'of the key: the patient’s own command, or a completed recovery, which has its line',
  consent: 'the patient’s own command, or that of somebody who acts for them',
  relationship: 'the patient’s own command',
  guardian_set: 'the patient’s own command',
  emergency_choice: 'the patient’s own command',
  written_recovery: 'closes: what stands written as open makes no key',
  written_before: 'closes',
  permit_use: 'closes: counted off what the patient permits',
  emergency_signature: 'opens nothing without the emergency, which has its line',
  copy: 'opens nothing: whose word each step is, copy-index.test.ts tells',
  told_event: 'opens nothing: what applications are told',
  read_record: 'opens nothing: what applications are told',
  access_approval: 'opens nothing without the patient',
  record: 'the custodian’s own word of its own record',
  organisation_kinds: 'of no patient',
  staff: 'of no patient',
  device: 'of no patient',
  query_template: 'of no patient',
  parameter_proposal: 'of no patient',
  access_parameter: 'of no patient',
  function_key: 'of no patient',
  function_deal: 'of no patient',
  function_acceptance: 'of no patient',
  definition: 'of no patient',
  seen_update: 'of no patient',
  said_statement: 'closes: what was said once counts no second time',
  told_time: 'of no patient',
  block_clock: 'of no patient',
  alarm: 'what is told of it',
  checkpoint: 'the chain itself',
  block: 'the chain itself',
  ledger_transaction: 'the chain itself',
  ledger_event: 'the chain itself',
} as const satisfies Readonly<Record<keyof IndexTables, string>>;
type OfLine = { [Table in keyof typeof countsWithout]: (typeof countsWithout)[Table] extends 'line' ? Table : never }[keyof IndexTables];

const of = new RecoveryWorld();
const byRegistrar = (chain: PatientChain, transaction: Call['transaction'], input: object, written: object, event: string): Call =>
  signedBy(registrarA, transaction, input, { ...written, ...auditLine(event, chain.now) }, chain.now);

/** What others say of a patient, with the line. */
const said: Readonly<Record<OfLine, (chain: PatientChain) => Call>> = {
  delegation: (chain) => {
    const { delegationId, nonce: ofId, term, firstKeyHash: nextKeyHash, ledgerKey } = new Proxy(chain);
    const draft = { pseudonym, delegationId, ...term, scopes: ['view'] as const, nextKeyHash };
    const proposal = proposeDelegation(draft, { basis: 'court', evidence }, instantOf(chain.now), originOf(registrarA));
    const input = { ...draft, nonce: ofId, basis: 'court', evidence };
    return byRegistrar(chain, transactions.ProposeDelegation, input, { [ledgerKey]: canonicalJson(proposal) }, 'DelegationProposed');
  },
  recovery: (chain) => {
    const opened = openByRegistrar(of.draft, of.evidence, undefined, circumstances(chain.now, originOf(registrarA)));
    const written = { [of.caseKey]: canonicalJson(opened), [pseudonymKey()]: chain.standing({ recoveries: [of.caseId] }) };
    const input = { ...of.draft, nonce, evidence: of.evidence };
    return byRegistrar(chain, transactions.ProposeRecovery, input, written, 'RecoveryOpened');
  },
  capacity: (chain) => {
    const death = proposeDeath(undefined, pseudonym, evidence, instantOf(chain.now), originOf(registrarA));
    const written = { [`\u0000death\u0000${pseudonym}\u0000`]: canonicalJson(death) };
    return byRegistrar(chain, transactions.ProposeDeath, { pseudonym, evidence }, written, 'DeathProposed');
  },
};

describe('what an index concludes of a patient', () => {
  const { chain } = useSaidByStaff();
  const folder = scratchDirectory();
  /** What the chain comes to, table by table, with a call behind it; and which alarms the call raises. */
  const judgedWith = async (...calls: readonly Call[]) => {
    const file = join(folder, `${randomUUID()}.sqlite`);
    const alarms: string[] = [];
    const index = new LedgerIndex(file, 'emr', 'AMSP', ({ name }) => alarms.push(name));
    const sink = index.sinkOf('AMSP');
    for (const block of [...chain().blocks, ...calls.map((call, nth) => blockOfCalls(chain().block + nth, [call]))])
      await sink.apply(block, true);
    const { state } = await index.followedRecovery(of.key);
    await index.close();
    return { judged: digestOfIndex(file, 'AMSP').judged, alarms, recovery: state };
  };

  it('is tried here of each of which it is said', () => {
    const here = Object.entries(countsWithout).filter(([, what]) => what === 'line');
    expect(here.map(([table]) => table)).toEqual(Object.keys(said));
  });

  it.each(Object.entries(said))('of a %s counts with the line by which the patient sees it, and not without', async (table, saying) => {
    const call = saying(chain());
    const [before, told, kept] = [await judgedWith(), await judgedWith(call), await judgedWith(untold(call))];
    expect(told.judged[table]).not.toBe(before.judged[table]);
    expect(told.alarms).toEqual([]);
    // a recovery that nobody is shown is kept as one that is over, so that it is never believed again
    if (table === 'recovery') expect([told.recovery, kept.recovery]).toEqual(['opened', 'superseded']);
    else expect(kept.judged[table]).toBe(before.judged[table]);
    expect(kept.alarms).not.toEqual([]);
  });
});
