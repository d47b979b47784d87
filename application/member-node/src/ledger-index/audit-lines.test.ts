import { auditArea, canonicalJson, instantOf, pseudonymSchema } from '@lianyi/domain';
import { type Call, TRANSACTION_ID } from './block-of-calls.fixture';
import { registrarA } from './member-chain.fixture';
import { B, MINUTE, NOW, type PatientChain, pseudonym } from './patient-chain.fixture';
import { useRecovery } from './recovery-chain.fixture';

const { objectType, key } = auditArea.entities.accessEvents;
const staff = { kind: 'staff', mspId: registrarA.mspId, actorTag: registrarA.actorTag };

/** A line of an audit under the key that it says, or that is said. */
function line(said: object = {}, place: { at?: number; txId?: string; n?: string; of?: string } = {}): Record<string, string> {
  const { at = NOW, txId = TRANSACTION_ID, n = '000', of = pseudonym } = place;
  const told = { schemaVersion: 1, pseudonym, at: instantOf(NOW), txId: TRANSACTION_ID, n: 0, event: 'AccessPermitted', actor: staff };
  return { [['', objectType, of, key[1].spell(instantOf(at)), txId, n, ''].join('\u0000')]: canonicalJson({ ...told, ...said }) };
}

/** Each line of the audit is of the transaction that writes it, and stays. */
describe('the audit of a patient', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  const deleted = (lines: Record<string, string>): Record<string, null> =>
    Object.fromEntries(Object.keys(lines).map((each) => [each, null]));

  it('takes a transaction’s own lines, as many as there are', async () => {
    const second = line({ n: 1, event: 'KeyReleased' }, { n: '001' });
    await chain().add(chain().forged({ ...line({ decision: 'permit', saidByALaterChaincode: true }), ...second }));
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  it('is nobody’s affair here where the patient is another hospital’s', async () => {
    const other = pseudonymSchema.parse('p'.repeat(43));
    await chain().add(chain().forged(deleted(line({}, { of: other }))));
    expect(chain().names()).toEqual([]);
  });

  it.each<readonly [string, () => Partial<Call>]>([
    ['a line is erased', () => ({ writes: deleted(line({}, { txId: 'another' })) })],
    ['a line of its own is erased', () => ({ writes: deleted(line()) })],
    ['a line of another transaction is written over', () => ({ writes: line({ txId: 'another' }, { txId: 'another' }) })],
    ['another transaction’s line is under its own key', () => ({ writes: line({ txId: 'another' }) })],
    ['its own line is under another’s key', () => ({ writes: line({}, { txId: 'another' }) })],
    ['its line is dated elsewhere', () => ({ writes: line({ at: instantOf(NOW - MINUTE) }, { at: NOW - MINUTE }) })],
    ['its line says another time than its key', () => ({ writes: line({ at: '2099-01-01T00:00:00.000Z' }) })],
    ['its key says another time than its line', () => ({ writes: line({}, { at: NOW + MINUTE }) })],
    ['its line says another number than its key', () => ({ writes: line({ n: 7 }) })],
    ['its line says another patient than its key', () => ({ writes: line({ pseudonym: 'p'.repeat(43) }) })],
    ['its line says nothing of what happened', () => ({ writes: line({ event: '' }) })],
    ['its line says nobody who acted', () => ({ writes: line({ actor: { kind: 'nobody' } }) })],
    ['a line is no JSON', () => ({ writes: Object.fromEntries(Object.keys(line()).map((each) => [each, '{'])) })],
    [
      'a line is written twice, of which peers make nothing',
      () => ({ writes: line(), moreWrites: Object.entries(line({ decision: 'deny' })) }),
    ],
    ['it is not of the name that its header says', () => ({ writes: line(), transactionId: 'another' })],
    ['its time is none that a key can hold', () => ({ writes: line(), atMillis: Date.parse('2500-01-01T00:00:00.000Z') })],
  ])('is not as the chaincode writes it, which is told, if %s', async (_what, changes) => {
    await chain().add({ ...chain().forged({}), ...changes() });
    expect(chain().alarms).toMatchObject([{ name: 'audit-without-command', pseudonym }]);
    expect(chain().audit.report().alarms).toMatchObject([{ name: 'audit-without-command', pseudonym }]);
  });
});

describe('a recovery whose line in the audit is', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  const isLine = (each: string): boolean => each.split('\u0000')[1] === objectType;
  /** The call, whose line is what is made of it. */
  const withLine = (call: Call, made: (written: string) => string): Call => {
    const writes = Object.entries(call.writes ?? {}).map(([each, value]) => [each, isLine(each) && value !== null ? made(value) : value]);
    return { ...call, writes: Object.fromEntries(writes) as Record<string, string | null> }; // of the same keys
  };
  const by = (actor: object) => (written: string) => canonicalJson({ ...(JSON.parse(written) as object), actor });
  const patient = { kind: 'patient', pseudonym };
  const erasing = (call: Call): Call =>
    chain().forged(
      Object.fromEntries(
        Object.keys(call.writes ?? {})
          .filter(isLine)
          .map((each) => [each, null]),
      ),
    );

  it.each<readonly [string, () => Promise<void>, readonly string[]]>([
    [
      'erased in the block that opens it',
      async () => {
        const call = recovery().opening();
        await chain().add(call, erasing(call));
        await chain().add(recovery().approving());
      },
      ['audit-without-command', 'recovery-without-command'],
    ],
    [
      'erased in a later block',
      async () => {
        const call = recovery().opening();
        await chain().add(call);
        await chain().add(recovery().approving());
        await chain().add(erasing(call));
      },
      ['audit-without-command'],
    ],
    [
      'one of the patient’s own doing, at the opening',
      async () => {
        await chain().add(withLine(recovery().opening(), by(patient)));
        await chain().add(recovery().approving());
      },
      ['recovery-not-as-commanded', 'recovery-without-command'],
    ],
    [
      'one of the patient’s own doing, at the approval',
      async () => {
        await chain().add(recovery().opening());
        await chain().add(withLine(recovery().approving(), by(patient)));
      },
      ['recovery-not-as-commanded'],
    ],
    [
      'one of another guardian',
      async () => {
        await chain().add(recovery().opening());
        const other = { kind: 'guardian', pseudonym, keyHash: recovery().world.hash(2) };
        await chain().add(withLine(recovery().approving(), by(other)));
      },
      ['recovery-not-as-commanded'],
    ],
    [
      'that of another event',
      async () => {
        await chain().add(withLine(recovery().opening(), (written) => written.replace('RecoveryOpened', 'CardVerified')));
        await chain().add(recovery().approving());
      },
      ['recovery-not-as-commanded', 'recovery-without-command'],
    ],
  ])('%s gives nothing to the new key, and the old key goes on', async (_what, happens, alarms) => {
    await chain().say(recovery().naming());
    await happens();
    recovery().untilDue();
    const [old, next] = [chain().key, chain().next];
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('unproven');
    expect(chain().names().slice(0, alarms.length)).toEqual(alarms);
    [chain().key, chain().next] = [old, next];
    await chain().say(chain().granted(B, 2));
    expect(await chain().word({ grantee: B, version: 2 })).toBe('given');
  });
});
