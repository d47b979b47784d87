import { newPrivateKey, publicKeyOf } from '../signing/p256';
import {
  duplicateCaseIdSchema,
  encodeBase64url,
  functionDealSchema,
  functionKeySchema,
  type GroupElement,
  matchProofSchema,
  type MatchTag,
  mspIdSchema,
  type Organisation,
  pseudonymSchema,
  sha256,
} from '@lianyi/domain';
import { commitmentsOf, evaluatePart, polynomialFrom, provePossession, shareFor, sumOfShares } from '@lianyi/domain/oblivious';
import { openDuplicateNote, sealDuplicateNote } from './duplicate-note';
import { matchInputOf, pairTag } from './match-tag';
import { openMessage, sealMessage } from './sealed-message';
import { type AnsweredPart, publicShareOfHolder, SharedEvaluation } from './shared-evaluation';

const [A, B, C] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((name) => mspIdSchema.parse(name)) as [Hospital, Hospital, Hospital];
type Hospital = ReturnType<typeof mspIdSchema.parse>;
const holders = [A, B, C];
const at = '2026-05-01T08:00:00.000Z';
const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: A, actorTag: 'r' } };

const polynomials = holders.map((_mspId, index) => polynomialFrom(new Uint8Array(32).fill(index + 1), 2));
const key = functionKeySchema.parse({
  ...{ schemaVersion: 1, keyId: 'f-1', mspId: A, holders, threshold: 2, state: 'ready', dealt: holders, accepted: holders },
  ...{ openedAt: at, changedAt: at, origin },
});
const deals = polynomials.map((polynomial, index) =>
  functionDealSchema.parse({
    ...{ schemaVersion: 1, keyId: key.keyId, mspId: holders[index], commitments: commitmentsOf(polynomial), at, origin },
    possession: provePossession(polynomial, 'any'),
    shares: holders.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: encodeBase64url(new Uint8Array(114)) })),
  }),
);
const dealt = { key, deals };
const shareOf = (mspId: Hospital): Uint8Array =>
  sumOfShares(polynomials.map((polynomial) => shareFor(polynomial, holders.indexOf(mspId) + 1)));
const answerOf = (mspId: Hospital, blinded: readonly GroupElement[], share = shareOf(mspId)): AnsweredPart => {
  const part = evaluatePart(share, publicShareOfHolder(dealt, mspId), blinded);
  if (part === undefined) throw new Error('no part');
  return { mspId, part };
};
const outputOf = (value: string): Uint8Array => {
  const evaluation = new SharedEvaluation(dealt, [matchInputOf({ system: 'national-id', value })]);
  return evaluation.finish([answerOf(A, evaluation.blinded), answerOf(C, evaluation.blinded)])[0] ?? new Uint8Array();
};
const number = '11010519491231002X';

describe('a number that is compared', () => {
  it('is one input however it is typed', () => {
    expect(matchInputOf({ system: 'national-id', value: ' 11010519491231002x\n' })).toEqual(
      matchInputOf({ system: 'national-id', value: number }),
    );
    expect(matchInputOf({ system: 'insurance', value: '１２３' })).toEqual(matchInputOf({ system: 'insurance', value: '123' }));
    expect(matchInputOf({ system: 'passport', value: number })).not.toEqual(matchInputOf({ system: 'national-id', value: number }));
  });
  it.each(['mrn', 'card', 'staff-number', 'national_id', 'NATIONAL-ID'])(
    'is none of the system %s, whose numbers two hospitals give to two persons',
    (system) => {
      expect(() => matchInputOf({ system, value: number })).toThrow(
        expect.objectContaining({ code: 'IDENTIFIER_INVALID', details: { obstacle: 'system' } }) as Error,
      );
    },
  );
  it('has one output whichever holders answer, and a tag for each pair that the others do not make', () => {
    const evaluation = new SharedEvaluation(dealt, [matchInputOf({ system: 'national-id', value: number })]);
    const answers = holders.map((mspId) => answerOf(mspId, evaluation.blinded));
    const outputs = [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 1, 2],
    ].map((places) => evaluation.finish(places.flatMap((place) => answers[place] ?? [])));
    expect(new Set(outputs.map(([output = new Uint8Array()]) => encodeBase64url(output))).size).toBe(1);
    const output = outputOf(number);
    expect(pairTag(output, A, B)).toBe(pairTag(output, B, A));
    expect(new Set([pairTag(output, A, B), pairTag(output, A, C), pairTag(output, B, C)]).size).toBe(3);
  });
});

describe('answers', () => {
  const evaluation = new SharedEvaluation(dealt, [
    matchInputOf({ system: 'insurance', value: '1' }),
    matchInputOf({ system: 'insurance', value: '2' }),
  ]);
  const right = (mspId: Hospital): AnsweredPart => answerOf(mspId, evaluation.blinded);

  it.each<[string, () => readonly AnsweredPart[], string, object]>([
    ['none', () => [], 'EVALUATIONS_MISSING', { answered: 0, needed: 2 }],
    ['one', () => [right(A)], 'EVALUATIONS_MISSING', { answered: 1, needed: 2 }],
    ['one twice', () => [right(A), right(A)], 'EVALUATIONS_MISSING', { answered: 1, needed: 2 }],
    ['one with another’s share', () => [right(A), answerOf(B, evaluation.blinded, shareOf(C))], 'EVALUATION_WRONG', { mspId: B }],
    ['one under another’s name', () => [right(A), { ...right(B), mspId: C }], 'EVALUATION_WRONG', { mspId: C }],
    [
      'one of somebody who holds no share',
      () => [right(A), { ...right(B), mspId: mspIdSchema.parse('DeltaMSP') }],
      'EVALUATION_WRONG',
      { mspId: 'DeltaMSP' },
    ],
    ['one for fewer inputs', () => [right(A), answerOf(B, evaluation.blinded.slice(0, 1))], 'EVALUATION_WRONG', { mspId: B }],
    ['one for other inputs', () => [right(A), answerOf(B, [...evaluation.blinded].reverse())], 'EVALUATION_WRONG', { mspId: B }],
  ])('are too few: %s', (_what, answers, code, details) => {
    expect(() => evaluation.finish(answers())).toThrow(expect.objectContaining({ code, details }) as Error);
  });

  it('are enough with a wrong one among them', () => {
    const wrong = answerOf(B, evaluation.blinded, shareOf(C));
    expect(evaluation.finish([wrong, right(A), right(C)])).toEqual(evaluation.finish([right(A), right(C)]));
  });
});

/** What everybody guesses: the planted number is among them. */
const guesses = [...Array.from({ length: 20 }, (_unused, index) => `I-${index}`), 'I-planted'];

describe('whoever has one hospital’s disk and tries numbers', () => {
  const inputOf = (value: string): Uint8Array => matchInputOf({ system: 'insurance', value });
  const tagged = (evaluate: (value: string) => Uint8Array): ReadonlySet<MatchTag> =>
    new Set(guesses.map((value) => pairTag(evaluate(value), A, B)));
  const evaluation = new SharedEvaluation(dealt, [inputOf('I-planted')]);
  const [output = new Uint8Array()] = evaluation.finish([answerOf(A, evaluation.blinded), answerOf(B, evaluation.blinded)]);
  /** In A's private data, and so on its disk. */
  const tagOnDisk = pairTag(output, A, B);
  /** With so many of the shares, put together as if they were enough. */
  const withShares =
    (...mspIds: readonly Hospital[]) =>
    (value: string): Uint8Array => {
      const known = { key: functionKeySchema.parse({ ...key, threshold: 2 }), deals };
      const guess = new SharedEvaluation(known, [inputOf(value)]);
      const parts = mspIds.map((mspId) => answerOf(mspId, guess.blinded));
      // whoever has one share alone makes the second answer of it, too
      const second = parts[1] ?? answerOf(B, guess.blinded, shareOf(A));
      try {
        return guess.finish([...parts.slice(0, 1), second])[0] ?? new Uint8Array();
      } catch {
        return parts[0] === undefined ? new Uint8Array() : Buffer.from(parts[0].part.evaluated[0] ?? '', 'base64url');
      }
    };

  it('finds none with its share and everything else on it, though the planted one is among them', () => {
    expect(tagged(withShares(A)).has(tagOnDisk)).toBe(false);
    expect(tagged((value) => inputOf(value)).has(tagOnDisk)).toBe(false);
  });
  it('finds it with the shares of two hospitals: then it is known to be there to be found', () => {
    expect(tagged(withShares(A, C)).has(tagOnDisk)).toBe(true);
  });
});

describe('what is sealed to an organisation', () => {
  const [keyA, keyB, keyC] = [newPrivateKey(), newPrivateKey(), newPrivateKey()];
  const context = { t: 'lianyi/test', about: 'one' } as const;

  it('opens for its key and its matter alone', async () => {
    const message = Uint8Array.of(1, 2, 3);
    const sealed = await sealMessage(message, publicKeyOf(keyA), context);
    expect(await openMessage(sealed, keyA, context)).toEqual(message);
    for (const open of [
      () => openMessage(sealed, keyB, context),
      () => openMessage(sealed, keyA, { ...context, about: 'other' }),
      () => openMessage(sealed, keyA, { t: 'lianyi/other', about: 'one' }),
      () =>
        openMessage(
          sealed.map((byte, index) => (index === 70 ? byte ^ 1 : byte)),
          keyA,
          context,
        ),
      () => openMessage(sealed.subarray(1), keyA, context),
      () => openMessage(new Uint8Array(), keyA, context),
    ])
      await expect(open()).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('as a note of a case is of one size, and opens for the two hospitals and no other step or case', async () => {
    const organisation = (mspId: Hospital, privateKey: typeof keyA): Organisation =>
      ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(privateKey) }] }) as unknown as Organisation; // what sealing reads of it
    const network = { channel: 'records', genesis: sha256('genesis') };
    const place = { network, caseId: duplicateCaseIdSchema.parse('u-1'), step: 'open' } as const;
    const proof = matchProofSchema.parse(encodeBase64url(new Uint8Array(32)));
    const note = { tag: pairTag(new Uint8Array(64), A, B), proof, system: 'insurance', pseudonym: pseudonymSchema.parse('p-1') };
    const long = { ...note, system: 's'.repeat(64), pseudonym: pseudonymSchema.parse('p'.repeat(64)) };
    const parties = [organisation(A, keyA), organisation(B, keyB)] as const;
    const sealed = await sealDuplicateNote(note, place, parties);
    expect((await sealDuplicateNote(long, place, parties)).map((each) => each.sealed.length)).toEqual(
      sealed.map((each) => each.sealed.length),
    );
    expect(await openDuplicateNote(sealed, place, { mspId: A, privateKey: keyA })).toEqual(note);
    expect(await openDuplicateNote(sealed, place, { mspId: B, privateKey: keyB })).toEqual(note);
    for (const open of [
      () => openDuplicateNote(sealed, place, { mspId: C, privateKey: keyC }),
      () => openDuplicateNote(sealed, place, { mspId: A, privateKey: keyB }),
      () => openDuplicateNote(sealed, { ...place, step: 'propose' }, { mspId: A, privateKey: keyA }),
      () => openDuplicateNote(sealed, { ...place, caseId: duplicateCaseIdSchema.parse('u-2') }, { mspId: A, privateKey: keyA }),
      () => openDuplicateNote(sealed, { ...place, network: { ...network, channel: 'other' } }, { mspId: A, privateKey: keyA }),
      () =>
        openDuplicateNote([sealed[1], sealed[0]].map((each, index) => ({ ...each, mspId: [A, B][index] ?? A })) as typeof sealed, place, {
          mspId: A,
          privateKey: keyA,
        }),
    ])
      await expect(open()).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});
