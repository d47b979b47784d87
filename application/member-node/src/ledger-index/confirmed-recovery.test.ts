import { canonicalJson, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { HonestLedger } from './honest-ledger.fixture';
import { hired, person, type Person, signedBy } from './member-chain.fixture';
import { B, MINUTE, type PatientChain } from './patient-chain.fixture';
import { registrarB, useRecovery } from './recovery-chain.fixture';
import { auditLine, type RecoveryWorld } from './recovery-world.fixture';
import { registerUnheardOf, unheardOf } from './said-by-staff.fixture';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a recovery that somebody has confirmed whom no index believes', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  let ledger: HonestLedger;
  let of: RecoveryWorld;
  beforeEach(async () => {
    ledger = new HonestLedger(recovery());
    of = recovery().world;
    await chain().add(hired(registrarB));
    await registerUnheardOf(chain());
    await chain().add(ledger.proposing(of));
  });
  const completed = async (): Promise<void> => {
    ledger.untilDue(of);
    await chain().add(ledger.completing(of));
  };
  /** By a clock that is further ahead than any may be. */
  const aheadOfTime = async (step: () => Call): Promise<void> => {
    chain().now += 3 * MINUTE;
    const call = step();
    chain().now -= 3 * MINUTE;
    await chain().add(call);
    chain().now += 3 * MINUTE;
  };
  /** What the new key says. */
  const word = async (): Promise<string> => {
    await chain().say(chain().granted());
    return chain().word({ grantee: B, version: 1 });
  };

  it.each<readonly [string, () => Promise<void>]>([
    ['at once', () => Promise.resolve()],
    [
      'when it had long waited for one alone',
      async () => {
        chain().now += 5 * DAY;
        await Promise.resolve();
      },
    ],
    [
      'after a second one of them',
      async () => {
        const another = person('CMSP', 'registrar-c2', ['registrar']);
        await chain().add(ledger.confirming(of, another));
      },
    ],
  ])('is the word of a registrar who confirms it once more, %s: no time is lost', async (_when, meanwhile) => {
    await chain().add(ledger.confirming(of, unheardOf));
    await meanwhile();
    await chain().add(ledger.confirming(of, registrarB));
    await completed();
    expect(await word()).toBe('given');
    expect(new Set(chain().names())).toEqual(new Set(['recovery-confirmed-by-nobody']));
  });

  it('is as it was when one whom nobody believes confirms it after one who is believed', async () => {
    await chain().add(ledger.confirming(of, registrarB));
    await chain().add(ledger.confirming(of, unheardOf));
    await completed();
    expect(await word()).toBe('given');
    expect(chain().names()).toEqual(['recovery-confirmed-by-nobody']);
  });

  it.each<readonly [string, Person, Person]>([
    ['somebody who is believed', registrarB, unheardOf],
    ['somebody who is believed, and once more by one who is', registrarB, person('CMSP', 'registrar-c3', ['registrar'])],
  ])('goes on when a confirmation dated ahead comes after that of %s', async (_what, first, second) => {
    await chain().add({ ...hired(second), atMillis: chain().now });
    await chain().add(ledger.confirming(of, first));
    await aheadOfTime(() => ledger.confirming(of, second));
    await completed();
    expect(await word()).toBe('given');
    expect(chain().names()).toContain('recovery-confirmed-by-nobody');
  });
  it('goes on waiting when another confirmation is dated ahead', async () => {
    await chain().add(ledger.confirming(of, unheardOf));
    await aheadOfTime(() => ledger.confirming(of, person('CMSP', 'registrar-c4', ['registrar'])));
    await chain().add(ledger.confirming(of, registrarB));
    await completed();
    expect(await word()).toBe('given');
  });
  it('is void where it waited and the confirmation is dated ahead, or others write another case of it', async () => {
    await aheadOfTime(() => ledger.confirming(of, unheardOf));
    expect(chain().names()).toEqual(['recovery-without-command']);
    await chain().add(ledger.confirming(of, registrarB));
    await completed();
    expect(await word()).toBe('unproven');
  });
  it.each<readonly [string, object]>([
    ['is over sooner', { coolingOffUntil: instantOf(0) }],
    ['is of another key', { newKeyHash: sha256('another key') }],
  ])('is void after a confirmation dated ahead by which it %s', async (_what, changes) => {
    await chain().add(ledger.confirming(of, registrarB));
    await aheadOfTime(() => {
      const call = ledger.confirming(of, unheardOf);
      return { ...call, writes: { ...call.writes, ...ledgerWritten(of, { ...caseOf(of), ...changes }) } };
    });
    await completed();
    expect(await word()).toBe('unproven');
  });

  it('waits also where the transaction was held back', async () => {
    const call = ledger.confirming(of, unheardOf);
    chain().now += HOUR;
    await chain().add(call);
    await chain().add(ledger.confirming(of, registrarB));
    await completed();
    expect(await word()).toBe('given');
  });

  it('gives nothing to the new key while nobody else confirms it, which the node tells whoever asks', async () => {
    await chain().add(ledger.confirming(of, unheardOf));
    const told = { isFollowed: true, state: 'coolingOff', isConfirmedByNobody: true };
    expect(await chain().index.followedRecovery(of.key)).toEqual(told);
    await completed();
    expect(await word()).toBe('unproven');
  });

  it('can be refused by the old key all along', async () => {
    await chain().add(ledger.confirming(of, unheardOf));
    await chain().add(ledger.vetoing(of));
    const call = signedBy(registrarB, transactions.ConfirmRecovery, { ...of.key, evidence: of.evidence }, {}, chain().now);
    const revived = ledgerWritten(of, { ...caseOf(of), state: 'coolingOff' });
    await chain().add({ ...call, writes: { ...revived, ...auditLine('RecoveryConfirmed', chain().now) } });
    chain().now += 8 * DAY;
    recovery().opened = caseOf(of);
    await chain().add(recovery().completing());
    chain().roll();
    expect(await word()).toBe('unproven');
  });

  it('does not begin to wait again when it had stopped before', async () => {
    chain().now += 73 * HOUR;
    // by enough endorsers: the chaincode refuses it
    const confirmation = (by: Person): Call =>
      signedBy(by, transactions.ConfirmRecovery, { ...of.key, evidence: of.evidence }, confirmedWrites(), chain().now);
    const confirmedWrites = () => ({
      ...ledgerWritten(of, { ...caseOf(of), state: 'coolingOff' }),
      ...auditLine('RecoveryConfirmed', chain().now),
    });
    await chain().add(confirmation(unheardOf));
    expect(chain().names()).toEqual(['recovery-without-command']);
    await chain().add(confirmation(registrarB));
    chain().now += 8 * DAY;
    recovery().opened = caseOf(of);
    await chain().add(recovery().completing());
    chain().roll();
    expect(await word()).toBe('unproven');
  });

  const caseOf = ({ caseId }: RecoveryWorld) => ledger.caseNamed(caseId);
  const ledgerWritten = ({ caseKey }: RecoveryWorld, written: object) => ({ [caseKey]: canonicalJson(written) });
});
