import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand, signText } from '@lianyi/client';
import { signPinCommand } from '@lianyi/client/pins';
import {
  auditArea,
  canonicalJson,
  encodeArgument,
  hashOfKey,
  instantOf,
  mspIdSchema,
  type PinId,
  pinIdOf,
  pseudonymSchema,
  sha256,
  transactions,
} from '@lianyi/domain';
import { pinKeyText } from '@lianyi/domain/deciding';
import { blockOfCalls, type Call, TRANSACTION_ID } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import { firstKey, network, NOW, pseudonym } from './member-chain.fixture';

const [finderKey, openKey, thief] = [newPrivateKey(), newPrivateKey(), newPrivateKey()];
const hashOf = (key: PrivateKey) => hashOfKey(publicKeyOf(key));
const pinId = pinIdOf(hashOf(finderKey));
const holders = ['AMSP', 'BMSP'].map((name) => mspIdSchema.parse(name));
const filled = (length: number): string => Buffer.alloc(length, 7).toString('base64url');
/** What shows that a PIN is for a pseudonym. */
const found = (key: PrivateKey, of: typeof pseudonym, on = network) => ({
  finderKey: publicKeyOf(key),
  possession: signText(key, pinKeyText(on, { pinId: pinIdOf(hashOf(key)), pseudonym: of })),
});
const terms = {
  ...{ pinId, pseudonym, openKeyHash: hashOf(openKey), holders, threshold: 2 },
  ...{ commitments: [sha256('a'), sha256('b')], sealed: filled(60) },
  shares: holders.map((mspId) => ({ mspId, organisationKeyEpoch: 1, keyHash: sha256(mspId), sealed: filled(114) })),
  ...{ termsMac: sha256('mac'), ...found(finderKey, pseudonym) },
};
const stranger = pseudonymSchema.parse('p-other');
const keyOf = (id: PinId): string => `\u0000pin\u0000${id}\u0000`;
const otherKey = newPrivateKey();
const otherId = pinIdOf(hashOf(otherKey));
const writes = { [`\u0000pin\u0000${pinId}\u0000`]: '{}' };
/** With the line by which the patient hears of it. */
const shown = (event: string, changes: object = {}): Record<string, string> => {
  const { objectType, key } = auditArea.entities.accessEvents;
  const at = instantOf(NOW);
  const line = { schemaVersion: 1, pseudonym, at, txId: TRANSACTION_ID, n: 0, event, actor: { kind: 'pin', pinId }, ...changes };
  return { [['', objectType, pseudonym, key[1].spell(at), TRANSACTION_ID, '000', ''].join('\u0000')]: canonicalJson(line) };
};
const stored = (changes: object = {}): Call => {
  const input = { ...terms, ...changes };
  const signer = { network, pseudonym, privateKey: firstKey, nextPrivateKey: newPrivateKey() };
  const proof = signPatientCommand(signer, { transaction: transactions.StorePin, input }, instantOf(NOW));
  return { transaction: transactions.StorePin, argument: encodeArgument({ input, proof }), writes, atMillis: NOW };
};
const tried = (attempt: number, key = finderKey, of: { network?: typeof network; pinId?: PinId; seed?: string } = {}): Call => {
  const input = { pinId, attempt, blinded: sha256(of.seed ?? `guess ${attempt}`) };
  const signer = { network: of.network ?? network, pinId: of.pinId ?? pinId, privateKey: key };
  const proof = signPinCommand(signer, { transaction: transactions.TryPin, input }, instantOf(NOW));
  return {
    transaction: transactions.TryPin,
    argument: encodeArgument({ input, proof }),
    writes: { ...writes, ...shown('PinTried') },
    atMillis: NOW,
  };
};
const confirmed = (attempt: number, key = openKey): Call => {
  const input = { pinId, attempt };
  const proof = signPinCommand({ network, pinId, privateKey: key }, { transaction: transactions.ConfirmPin, input }, instantOf(NOW));
  const told = { ...writes, ...shown('PinConfirmed') };
  return { transaction: transactions.ConfirmPin, argument: encodeArgument({ input, proof }), writes: told, atMillis: NOW };
};

const removed = (of: { network?: typeof network; of?: typeof pseudonym; asked?: typeof pseudonym; writes?: Call['writes'] } = {}): Call => {
  const input = { pseudonym: of.of ?? pseudonym };
  const signer = {
    network: of.network ?? network,
    pseudonym: of.asked ?? input.pseudonym,
    privateKey: firstKey,
    nextPrivateKey: newPrivateKey(),
  };
  const proof = signPatientCommand(signer, { transaction: transactions.RemovePin, input }, instantOf(NOW));
  return { transaction: transactions.RemovePin, argument: encodeArgument({ input, proof }), writes: of.writes ?? writes, atMillis: NOW };
};
const other = (written: Call['writes'] = {}): Call => ({
  ...stored({ pinId: otherId, ...found(otherKey, pseudonym) }),
  writes: written,
});

/** What an index has of the PIN after these calls, each in a block of its own. */
async function after(calls: readonly Call[], heard: (name: string) => void = () => undefined) {
  const index = new LedgerIndex(':memory:', 'emr', 'AMSP', ({ name }) => {
    heard(name);
  });
  const sink = index.sinkOf('AMSP');
  await sink.apply(blockOfCalls(0, []), true);
  for (const [at, call] of calls.entries()) await sink.apply(blockOfCalls(at + 1, [call]), true);
  const pin = await index.pin(pinId);
  await index.close();
  return pin;
}
const counts = async (...calls: readonly Call[]): Promise<readonly (number | undefined)[]> => {
  const pin = await after(calls);
  return [pin?.attempts, pin?.confirmed];
};

describe('guesses at a PIN, as the blocks have them', () => {
  it('are counted one by one, and forgiven by who proves the last one right', async () => {
    expect(await after([stored(), tried(1), tried(2)])).toMatchObject({ attempts: 2, confirmed: 0, guess: { blinded: sha256('guess 2') } });
    expect(await counts(stored(), tried(1), tried(2), confirmed(2), tried(3))).toEqual([3, 2]);
  });

  it.each<[string, readonly Call[], readonly [number, number]]>([
    ['a guess with a number that was used', [tried(1), tried(1, finderKey, { seed: 'other' })], [1, 0]],
    ['a guess that leaves a number out', [tried(1), tried(3)], [1, 0]],
    ['a guess by another key than that of the code', [tried(1), tried(2, thief)], [1, 0]],
    ['a guess by the key of a right one', [tried(1), tried(2, openKey)], [1, 0]],
    ['a guess for another network', [tried(1, finderKey, { network: { ...network, genesis: sha256('other') } })], [0, 0]],
    ['a guess signed about another PIN', [tried(1, finderKey, { pinId: pinIdOf(sha256('other')) })], [0, 0]],
    ['an invalid transaction', [{ ...tried(1), validationCode: 11 }], [0, 0]],
    ['what a thief would have confirmed', [tried(1), confirmed(1, thief)], [1, 0]],
    ['what the code’s key would have confirmed', [tried(1), confirmed(1, finderKey)], [1, 0]],
    ['a guess confirmed that was not made', [tried(1), confirmed(2)], [1, 0]],
    ['a confirmation that is carried again, over later guesses', [tried(1), confirmed(1), tried(2), tried(3), confirmed(1)], [3, 1]],
    ['another entry under the same code', [tried(1), stored({ openKeyHash: hashOf(thief) }), confirmed(1, thief)], [1, 0]],
  ])('do not heed %s', async (_what, calls, expected) => {
    expect(await counts(stored(), ...calls)).toEqual(expected);
  });

  const told: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'without the entry and the line': { [keyOf(otherId)]: '{}' },
    'without the entry': shown('PinTried'),
    'without the line': writes,
    'with a line of another event': { ...writes, ...shown('PinRemoved') },
    'with a line of another PIN’s guess': { ...writes, ...shown('PinTried', { actor: { kind: 'pin', pinId: otherId } }) },
    'with a line in another patient’s name': { ...writes, ...shown('PinTried', { pseudonym: stranger }) },
    'with the entry of another PIN': { ...shown('PinTried'), [keyOf(otherId)]: '{}' },
  };
  it.each(Object.entries(told))('are none %s, and an alarm tells of it', async (_what, written) => {
    const alarms: string[] = [];
    const untold = { ...tried(1), writes: written };
    expect(await after([stored(), untold, untold], (name) => alarms.push(name))).toMatchObject({ attempts: 0 });
    expect(alarms.filter((name) => name === 'guess-untold')).toHaveLength(2);
    expect(await counts(stored(), untold, tried(1))).toEqual([1, 0]);
  });

  it('are not forgiven by what the patient does not see, nor told where nobody has the code', async () => {
    expect(await counts(stored(), tried(1), { ...confirmed(1), writes })).toEqual([1, 0]);
    const alarms: string[] = [];
    await after([stored(), { ...tried(1, thief), writes: {} }], (name) => alarms.push(name));
    expect(alarms).toEqual([]);
  });

  it.each<[string, readonly Call[], boolean | undefined]>([
    ['was not removed', [], false],
    ['was removed', [removed()], true],
    ['was removed, and is written anew', [removed(), stored()], true],
    ['has another in its place', [other({ [keyOf(pinId)]: '{}', [keyOf(otherId)]: '{}' })], true],
    ['has another beside it, which writes nothing of it', [other({ [keyOf(otherId)]: '{}' })], false],
    ['is removed in another pseudonym’s name', [removed({ of: pseudonymSchema.parse('p-other') })], false],
    ['is removed by a statement that is signed for another pseudonym', [removed({ asked: pseudonymSchema.parse('p-other') })], false],
    ['is removed for another network', [removed({ network: { ...network, genesis: sha256('other') } })], false],
    ['is removed by what writes nothing of it', [removed({ writes: { [keyOf(otherId)]: '{}' } })], false],
    ['is removed by an invalid transaction', [{ ...removed(), validationCode: 11 }], false],
  ])('of a PIN that %s: %j', async (_what, calls, isRemoved) => {
    expect((await after([stored(), ...calls]))?.isRemoved).toBe(isRemoved);
  });

  it('are none of a PIN whose entry the transaction does not write: one member alone can have it committed', async () => {
    expect(await after([{ ...stored(), writes: { [keyOf(otherId)]: '{}' } }])).toBeUndefined();
  });

  it('are none of a PIN whose id is not that of its code', async () => {
    expect(await after([stored(found(thief, pseudonym)), tried(1)])).toBeUndefined();
  });

  it.each([
    ['another pseudonym, whose hospital has seen the id in a proposal', { pseudonym: stranger }],
    ['another pseudonym, by a key that is not the code’s', { pseudonym: stranger, possession: found(thief, stranger).possession }],
    ['another network', found(finderKey, pseudonym, { ...network, genesis: sha256('other') })],
    ['another channel', found(finderKey, pseudonym, { ...network, channel: 'other' })],
  ])('are none of a PIN that the code’s key has not signed for: %s', async (_what, taken) => {
    expect(await after([stored(taken)])).toBeUndefined();
    expect(await after([stored(taken), stored()])).toMatchObject({ pseudonym });
  });
});
