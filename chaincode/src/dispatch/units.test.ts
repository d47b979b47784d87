import { DomainError, type Instant, type MspId, type Sha256, type TransactionName } from '@lianyi/domain';
import { A, must, type Stage } from '../every-transaction/cast.fixture';
import { useStage } from '../every-transaction/stage.fixture';
import { CHAINCODE, CHANNEL, type As, sha256Of } from '../every-transaction/consortium.fixture';
import { CoalescingReader } from '../ledger/coalescing-reader';
import { publicSpace } from '../ledger/state';
import { type Call } from './call';
import { runUnit } from './run-unit';
import { type Unit, Units } from './unit';

/** Several transactions of the catalogue in one Fabric transaction, each a unit. */

type Json = Readonly<Record<string, unknown>>;
const stage = useStage();
const words = (key: string): string => key.replaceAll('\u0000', '|');

/** One Fabric transaction carried by hospital A. */
function newTransaction(): { units: Units; run: (id: string, name: TransactionName, input: Json, as: As) => Promise<unknown> } {
  const { cast } = stage();
  const call: Call = {
    txId: 'tx-1',
    channel: CHANNEL,
    chaincode: CHAINCODE,
    // brands: the router has parsed these from the proposal
    now: cast.instant() as Instant,
    carrier: { mspId: A as MspId, role: 'client', isNode: true, keyHash: sha256Of('carrier') as Sha256 },
    transient: new Map(),
  };
  const units = new Units(new CoalescingReader(cast.state));
  const run = async (id: string, name: TransactionName, input: Json, as: As): Promise<unknown> => {
    const argument = cast.argument(name, input, as);
    return JSON.parse(await units.run(id, (unit) => runUnit(call, unit, name, argument)));
  };
  return { units, run };
}

/** The card of a name: the same for every asking. */
const cardOf = (name: string): ReturnType<Stage['cast']['cardInput']> => {
  const { cast, patient } = stage();
  return cast.cardInput(A, patient.pseudonym, cast.nonce(name));
};
const issue = (name: string): [TransactionName, Json, As] => ['IssueCard', cardOf(name), stage().cast.staff(A, 'registrar')];
const activate = (name: string): [TransactionName, Json, As] => ['ActivateCard', { cardId: cardOf(name).cardId }, stage().patient];
const objectTypes = (units: Units): string[] => units.writes().map(({ key }) => key.split('\u0000')[1] ?? '');

describe('the units of one Fabric transaction', () => {
  it('read what those before them have written, while nothing is applied', async () => {
    const { units, run } = newTransaction();
    const before = stage().cast.state.applied.length;
    await run('unit-1', ...issue('card-1'));
    expect(await run('unit-2', ...activate('card-1'))).toEqual({ cardId: cardOf('card-1').cardId, state: 'active' });
    expect(stage().cast.state.applied).toHaveLength(before);
    // the card once, as the second left it
    expect(objectTypes(units)).toEqual(['accessEvent', 'pseudonym', 'card', 'accessEvent']);
    const card = units.writes().find(({ key }) => words(key) === `|card|${cardOf('card-1').cardId}|`);
    expect(card?.kind === 'put' && Buffer.from(card.value).toString()).toContain('"state":"active"');
  });

  it('leave no trace when they are refused: not even the rolled key', async () => {
    const { units, run } = newTransaction();
    await run('unit-1', ...issue('card-1'));
    const writes = units.writes();
    const events = [...units.events()];
    await expect(run('unit-2', ...activate('card-9'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(units.writes()).toEqual(writes);
    expect(units.events()).toEqual(events);
    // the patient's key is still good
    expect(await run('unit-3', ...activate('card-1'))).toMatchObject({ state: 'active' });
  });

  it('leave no trace when they fail after they have written', async () => {
    const { units } = newTransaction();
    const fail = async (unit: Unit): Promise<never> => {
      unit.overlay.write({ kind: 'put', space: publicSpace, key: 'k', value: Buffer.from('v') });
      unit.events.push({ name: 'OrganisationRegistered', mspId: A as MspId });
      await Promise.resolve();
      throw new Error('a fault');
    };
    await expect(units.run('unit-1', fail)).rejects.toThrow('a fault');
    expect([units.writes(), units.events()]).toEqual([[], []]);
  });

  it('keep their events in order and their audit lines under keys of their own', async () => {
    const { units, run } = newTransaction();
    await run('unit-1', ...issue('card-1'));
    await run('unit-2', ...issue('card-2'));
    expect(units.events()).toMatchObject([
      { name: 'CardIssued', cardId: cardOf('card-1').cardId },
      { name: 'CardIssued', cardId: cardOf('card-2').cardId },
    ]);
    const lines = units.writes().flatMap(({ key }) => (key.includes('accessEvent') ? [words(key)] : []));
    expect(lines).toEqual([expect.stringMatching(/\|unit-1\|000\|$/), expect.stringMatching(/\|unit-2\|000\|$/)]);
  });

  it('make the same write set on every endorser', async () => {
    const once = async (): Promise<unknown> => {
      const { units, run } = newTransaction();
      await run('unit-1', ...issue('card-1'));
      await expect(run('unit-2', ...activate('card-9'))).rejects.toBeInstanceOf(DomainError);
      await run('unit-3', ...issue('card-2'));
      return units.writes().map((write) => [write.kind, write.key, write.kind === 'put' ? Buffer.from(write.value).toString() : '']);
    };
    expect(await once()).toEqual(await once());
  });

  it.each([
    ['under an id that another has had', async ({ run }: ReturnType<typeof newTransaction>) => run('unit-1', ...issue('card-2'))],
    [
      'while another runs',
      async ({ run }: ReturnType<typeof newTransaction>) =>
        Promise.all([run('unit-2', ...issue('card-2')), run('unit-3', ...issue('card-3'))]),
    ],
  ])('do not run %s', async (_when, attempt) => {
    const transaction = newTransaction();
    await transaction.run('unit-1', ...issue('card-1'));
    await expect(attempt(transaction)).rejects.toThrow('one after another, each under its own id');
  });
});

describe('a unit alone in its Fabric transaction', () => {
  it('has the transaction’s id, in its audit line too', async () => {
    const { cast, patient } = stage();
    must(await cast.invoke(...issue('card-1'), { txId: 'tx-9' }));
    const [key] = [...cast.state.dump(publicSpace)].flatMap(([at]) => (at.includes('tx-9') ? [words(at)] : []));
    expect(key).toBe(`|accessEvent|${patient.pseudonym}|${9_999_999_999_999 - cast.now}|tx-9|000|`);
  });
});
