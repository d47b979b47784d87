import { duplicateCaseIdSchema, type MspId, mspIdSchema, pseudonymSchema, type PublicKey, type SealedToBoth, sha256 } from '@lianyi/domain';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { proposeMergeOfCase } from './duplicate-cases';
import { openDuplicateNote } from './duplicate-note';
import { type ComparingRegistrar } from './registrar';

const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId];
const caseId = duplicateCaseIdSchema.parse('c-1');
const network = { channel: 'records', genesis: sha256('genesis') };
const keys = { [A]: newPrivateKey(), [B]: newPrivateKey() };
const theirs = newPrivateKey();
const found = {
  ...{ system: 'national-id', tag: sha256('tag'), proof: sha256('proof') },
  pseudonym: pseudonymSchema.parse('p'.repeat(43)),
};

interface Told {
  readonly mspId: MspId;
  readonly encapsulationKeys: readonly { readonly epoch: number; readonly publicKey: PublicKey }[];
}
const told = (mspId: MspId): Told => ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(keys[mspId] ?? theirs) }] });
/** As a majority writes it: one more key, of a higher epoch. */
const writtenOver = (mspId: MspId): Told => ({
  mspId,
  encapsulationKeys: [...told(mspId).encapsulationKeys, { epoch: 9, publicKey: publicKeyOf(theirs) }],
});

/** B's registrar agrees to a case of A's; what the state has of each hospital, and what the own node has followed. */
function proposing(state: (mspId: MspId) => Told, followed: readonly Told[] = [told(A), told(B)]) {
  const sent: SealedToBoth[] = [];
  const by = {
    ...{ network, mspId: B },
    node: { askSigned: () => Promise.resolve({ found }), api: { ask: () => Promise.resolve({ organisations: followed }) } },
    ledger: {
      evaluate: ({ entry, input }: { entry: { name: string }; input: { mspId: MspId } }) =>
        Promise.resolve(entry.name === 'GetOrganisation' ? state(input.mspId) : { openerMspId: A, partnerMspId: B }),
      submit: ({ input }: { input: { sealed: SealedToBoth } }) => Promise.resolve(sent.push(input.sealed)),
    },
  } as unknown as ComparingRegistrar; // the questions and the transaction of a proposal
  return { sent, propose: () => proposeMergeOfCase(by, caseId) };
}

describe('what a registrar proposes for a case', () => {
  it('opens for the hospital whose key is registered, and for nobody else', async () => {
    const { sent, propose } = proposing(told);
    await propose();
    const [sealed] = sent;
    if (sealed === undefined) throw new Error('a note was expected');
    const place = { network, caseId, step: 'propose' } as const;
    for (const mspId of [A, B] as const) {
      expect(await openDuplicateNote(sealed, place, { mspId, privateKey: keys[mspId] ?? theirs })).toEqual(found);
      await expect(openDuplicateNote(sealed, place, { mspId, privateKey: theirs })).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
  });

  it.each<readonly [string, (mspId: MspId) => Told, readonly Told[] | undefined, MspId]>([
    ['the state has one more key of the other hospital', (mspId) => (mspId === A ? writtenOver(A) : told(mspId)), undefined, A],
    ['the state has one more key of the own', (mspId) => (mspId === B ? writtenOver(B) : told(mspId)), undefined, B],
    ['the own node has followed no registration of the other', told, [told(B)], A],
    ['the own node has followed nothing', told, [], A],
  ])('is sealed to nobody where %s', async (_what, state, followed, between) => {
    const { sent, propose } = proposing(state, followed);
    const details = { entity: 'organisation', field: 'encapsulationKeys', between };
    await expect(propose()).rejects.toMatchObject({ code: 'ANSWER_DIFFERS', details });
    expect(sent).toEqual([]);
  });
});
