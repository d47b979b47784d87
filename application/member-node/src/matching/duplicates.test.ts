import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  claimOfNote,
  type DuplicateNote,
  type NoteStep,
  pairSecret,
  pairTag,
  proofOfMatch,
  sealDuplicateNote,
} from '@lianyi/client/matching';
import {
  type DuplicateCaseId,
  duplicateCaseIdSchema,
  type Ledger,
  matchProofSchema,
  type MspId,
  type Organisation,
  pseudonymSchema,
  Refused,
  type SealedToBoth,
  sha256,
} from '@lianyi/domain';
import { Duplicates } from './duplicates';
import { A, B, C } from './matching-world.fixture';

const network = { channel: 'records', genesis: sha256('genesis') };
const output = new Uint8Array(64).fill(7);
const tag = pairTag(output, A, B);
const secret = pairSecret(output, A, B);
const keys = new Map([A, B].map((mspId) => [mspId, newPrivateKey()]));
const keyOf = (mspId: MspId) => keys.get(mspId) ?? newPrivateKey();
const organisation = (mspId: MspId): Organisation =>
  ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(keyOf(mspId)) }] }) as unknown as Organisation; // what sealing reads of it
const [ofA, ofB, other] = ['p-of-a', 'p-of-b', 'p-other'].map((text) => pseudonymSchema.parse(text)) as [Named, Named, Named];
type Named = ReturnType<typeof pseudonymSchema.parse>;
const [caseId, otherCase] = ['u-1', 'u-2'].map((text) => duplicateCaseIdSchema.parse(text)) as [DuplicateCaseId, DuplicateCaseId];
const system = 'national-id';
const asking = (from: MspId, to: MspId) => proofOfMatch(secret, { step: 'ask', from, to });
const answering = (from: MspId, to: MspId) => proofOfMatch(secret, { step: 'answer', from, to });
const noting = (step: NoteStep, from: MspId, to: MspId, pseudonym: Named, of: DuplicateCaseId = caseId) =>
  proofOfMatch(secret, claimOfNote({ system, pseudonym }, { step, from, to, caseId: of }));
const nothing = matchProofSchema.parse(sha256('nothing'));

/** A case as the ledger has it, between an opener and a partner. */
interface Stands {
  readonly openerMspId: MspId;
  readonly partnerMspId: MspId;
  readonly state: string;
  readonly opened: SealedToBoth;
  readonly joined?: SealedToBoth;
}
/** A's node; the number is linked at A, and A has the tag with B. */
function nodeOfA(stands?: Stands): Duplicates {
  const evaluate = ({
    entry,
    input,
  }: {
    readonly entry: { readonly name: string };
    readonly input: { readonly tag?: string };
  }): unknown => {
    if (entry.name === 'GetDuplicateCase') return { caseId, ...stands };
    if (input.tag !== tag) throw new Refused('NOT_FOUND', '', {});
    return { linkId: 'l', mspId: B, secret, pseudonym: ofA, system };
  };
  const ledger = { evaluate: (request: Parameters<typeof evaluate>[0]) => Promise.resolve().then(() => evaluate(request)) };
  return new Duplicates({ mspId: A, network, privateKey: keyOf(A) }, ledger as unknown as Ledger); // the two questions of the node
}
const sealed = (step: NoteStep, note: Pick<DuplicateNote, 'proof' | 'pseudonym'>, [opener, partner]: readonly [MspId, MspId]) =>
  sealDuplicateNote({ tag, system, ...note }, { network, caseId, step }, [organisation(opener), organisation(partner)]);
const garbage = [A, B].map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: 'A'.repeat(792) })) as SealedToBoth;

describe('a node that is asked with a tag', () => {
  it('proves to a member that has proved it, each to the other', async () => {
    expect(await nodeOfA().answer({ tag, proof: asking(B, A) }, B)).toBe(answering(A, B));
  });
  it.each<[string, string, MspId]>([
    ['nothing', nothing, B],
    ['what it was asked with itself', asking(A, B), B],
    ['an answer', answering(B, A), B],
    ['a note', noting('open', B, A, ofB), B],
    ['another hospital’s question', asking(B, A), C],
    ['a question of its own to a third', asking(C, A), C],
  ])('tells a member nothing that shows %s', async (_what, proof, asker) => {
    expect(await nodeOfA().answer({ tag, proof }, asker)).toBeUndefined();
  });
  it.each([
    ['tag', { tag: 'A', proof: nothing }],
    ['tag', { tag: `${tag}=`, proof: nothing }],
    ['proof', { tag, proof: '' }],
    ['proof', { tag, proof: `${nothing}A` }],
  ])('refuses a %s that is none', async (path, named) => {
    await expect(nodeOfA().answer(named, B)).rejects.toMatchObject({ code: 'INVALID_REQUEST', details: { path } });
  });
});

describe('a case that another hospital has opened', () => {
  const byB = async (note: Pick<DuplicateNote, 'proof' | 'pseudonym'>): Promise<Stands> => ({
    ...{ openerMspId: B, partnerMspId: A, state: 'open' },
    opened: await sealed('open', note, [B, A]),
  });

  it('names both pseudonyms, and the proof for the own note', async () => {
    const found = { system, tag, pseudonym: ofA, otherPseudonym: ofB, proof: noting('propose', A, B, ofA) };
    const node = nodeOfA(await byB({ pseudonym: ofB, proof: noting('open', B, A, ofB) }));
    expect(await node.read(caseId)).toEqual({ caseId, state: 'open', otherMspId: B, found });
  });
  it.each([
    ['nothing of it', nothing],
    ['the question that A asked with the tag', asking(A, B)],
    ['a proof for another pseudonym', noting('open', B, A, other)],
    ['a proof for another case', noting('open', B, A, ofB, otherCase)],
    ['a proof for the other step', noting('propose', B, A, ofB)],
    ['a proof of A’s own', noting('open', A, B, ofB)],
  ])('says nothing if B was told the tag and shows %s', async (_what, proof) => {
    expect(await nodeOfA(await byB({ pseudonym: ofB, proof })).read(caseId)).toEqual({ caseId, state: 'open', otherMspId: B });
  });
  it('says nothing if it does not open, and stops nobody who reads all', async () => {
    const stands = { openerMspId: B, partnerMspId: A, state: 'dismissed', opened: garbage };
    expect(await nodeOfA(stands).read(caseId)).toEqual({ caseId, state: 'dismissed', otherMspId: B });
  });
});

describe('a case that A has opened and B has joined', () => {
  const joinedBy = async (joined: SealedToBoth): Promise<Stands> => ({
    ...{ openerMspId: A, partnerMspId: B, state: 'mergeProposed', joined },
    opened: await sealed('open', { pseudonym: ofA, proof: noting('open', A, B, ofA) }, [A, B]),
  });
  const otherIn = async (joined: SealedToBoth) => (await nodeOfA(await joinedBy(joined)).read(caseId)).found?.otherPseudonym;

  it('names B’s pseudonym if B has proved it', async () => {
    expect(await otherIn(await sealed('propose', { pseudonym: ofB, proof: noting('propose', B, A, ofB) }, [A, B]))).toBe(ofB);
  });
  it.each([
    ['A’s own proof from A’s note', noting('open', A, B, ofA), ofA],
    ['A’s own proof with another pseudonym', noting('open', A, B, ofA), other],
    ['a proof for another pseudonym', noting('propose', B, A, ofB), other],
    ['a proof for another case', noting('propose', B, A, ofB, otherCase), ofB],
    ['an answer', answering(B, A), ofB],
  ])('names none if B echoes the tag and shows %s', async (_what, proof, pseudonym) => {
    expect(await otherIn(await sealed('propose', { pseudonym, proof }, [A, B]))).toBeUndefined();
  });
  it('names the own pseudonym still if B’s note does not open', async () => {
    expect((await nodeOfA(await joinedBy(garbage)).read(caseId)).found).toMatchObject({ pseudonym: ofA });
    expect(await otherIn(garbage)).toBeUndefined();
  });
});
