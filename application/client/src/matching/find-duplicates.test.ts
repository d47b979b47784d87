import {
  actorTagSchema,
  DomainError,
  type DuplicateCase,
  encodeBase64url,
  functionDealSchema,
  type FunctionKey,
  functionKeySchema,
  idNonceSchema,
  type GroupElement,
  linkIdSchema,
  type MatchQuestion,
  type MspId,
  mspIdSchema,
  type PairTag,
  Refused,
  sha256,
  type Sha256,
} from '@lianyi/domain';
import {
  commitmentsOf,
  evaluatePart,
  polynomialFrom,
  provePossession,
  publicShareOf,
  shareFor,
  sumOfShares,
} from '@lianyi/domain/oblivious';
import { hashOfDealtKey } from '@lianyi/domain/deciding';
import { newPrivateKey } from '../signing/p256';
import { publicKeyOf } from '../signing/p256';
import { findDuplicates } from './find-duplicates';
import { proofOfMatch } from './match-tag';
import { type ComparingRegistrar } from './registrar';
import { type AnsweredPart, type DealtKey } from './shared-evaluation';

const holders = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId, MspId];
const [A, B, C] = holders;
const linkId = linkIdSchema.parse('l-1');
const number = { system: 'national-id', value: '11010519491231002X' };
const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: A, actorTag: 'r' } };

/** A key that is ready, whose polynomials follow from a seed. */
function keyFrom(
  seed: number,
  changedAt: string,
  said: { readonly dealtFor?: number; readonly of?: Partial<FunctionKey> } = {},
): { readonly dealt: DealtKey; readonly answer: (mspId: MspId, blinded: readonly GroupElement[]) => AnsweredPart } {
  const polynomials = holders.map((_mspId, index) => polynomialFrom(new Uint8Array(32).fill(seed + index), said.dealtFor ?? 2));
  const key = functionKeySchema.parse({
    ...{ schemaVersion: 1, keyId: `f-${seed}`, mspId: A, holders, threshold: 2, state: 'ready', dealt: holders, accepted: holders },
    ...{ openedAt: changedAt, changedAt, origin, ...said.of },
  });
  const shares = holders.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: encodeBase64url(new Uint8Array(114)) }));
  const deals = polynomials.map((polynomial, index) =>
    functionDealSchema.parse({
      ...{ schemaVersion: 1, keyId: key.keyId, mspId: holders[index], commitments: commitmentsOf(polynomial), at: changedAt, origin },
      ...{ possession: provePossession(polynomial, 'any'), shares },
    }),
  );
  const dealt = { key, deals };
  const answer = (mspId: MspId, blinded: readonly GroupElement[]): AnsweredPart => {
    const place = holders.indexOf(mspId) + 1;
    const share = sumOfShares(polynomials.map((polynomial) => shareFor(polynomial, place)));
    const half = publicShareOf(polynomials.map(commitmentsOf), place);
    const part = half && evaluatePart(share, half, blinded);
    if (part === undefined) throw new Error('no part');
    return { mspId, part };
  };
  return { dealt, answer };
}
const real = keyFrom(1, '2026-05-01T08:00:00.000Z');
const forged = keyFrom(101, '2026-05-02T08:00:00.000Z');

/** Its shares were dealt anew by all three; a majority may write other holders and another threshold beside the same deals. */
const anew = keyFrom(101, '2026-05-02T08:00:00.000Z', {
  of: { reshares: { keyId: real.dealt.key.keyId, dealers: holders, nonce: idNonceSchema.parse('A'.repeat(22)) } },
});
const writtenAs = (of: Partial<FunctionKey>): typeof anew => ({ ...anew, dealt: { ...anew.dealt, key: { ...anew.dealt.key, ...of } } });

interface Bent {
  readonly keys?: readonly ReturnType<typeof keyFrom>[];
  /** Which holders' answers the node hands over. */
  readonly answering?: (keyId: string) => readonly MspId[];
  /** The code with which the node refuses to collect. */
  readonly refusing?: (keyId: string) => string | undefined;
  /** The hash of the key that its own node has followed. */
  readonly followed?: (keyId: string) => Sha256 | undefined;
  /** What the others prove; by default both know the number. */
  readonly proving?: (mspId: MspId, right: MatchQuestion['proof'], asked: MatchQuestion['proof']) => MatchQuestion['proof'] | undefined;
  readonly cases?: readonly Partial<DuplicateCase>[];
  /** How many lines of the lists of keys and of cases are none. */
  readonly unreadable?: { readonly ofKeys: number; readonly ofCases: number };
  readonly organisation?: (mspId: MspId) => unknown;
  /** Of which hospitals its own node has followed another key than the state has. */
  readonly writtenOver?: readonly MspId[];
  readonly open?: (partner: MspId) => void;
  readonly readCase?: (caseId: string) => unknown;
}

const withNewKey = (mspId: MspId) => ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(newPrivateKey()) }] });
const registered = holders.map(withNewKey);

/** A registrar of hospital A, and what they have committed. */
function registrar(bent: Bent = {}) {
  const keys = bent.keys ?? [real];
  const keyOf = (keyId: string) => keys.find(({ dealt }) => dealt.key.keyId === keyId) ?? real;
  const done = { evaluatedBy: [] as string[], put: [] as string[], opened: [] as MspId[] };
  let asked: { readonly keyId: string; readonly blinded: readonly GroupElement[] } = { keyId: '', blinded: [] };
  let tags: readonly PairTag[] = [];
  const evaluate: Record<string, (input: never) => unknown> = {
    ResolveIdentifier: () => ({ linkId, pseudonym: 'p-of-a', system: 'national-id' }),
    ListFunctionKeys: () => ({ items: keys.map(({ dealt }) => dealt.key), unreadable: bent.unreadable?.ofKeys }),
    GetFunctionKey: ({ keyId }: { keyId: string }) => keyOf(keyId).dealt,
    ListDuplicateCases: () => ({ items: bent.cases ?? [], unreadable: bent.unreadable?.ofCases }),
    GetOrganisation: ({ mspId }: { mspId: MspId }) => bent.organisation?.(mspId) ?? registered[holders.indexOf(mspId)],
  };
  const submit: Record<string, (input: never, transient: never) => unknown> = {
    RequestEvaluation: (input: typeof asked) => {
      asked = input;
      done.evaluatedBy.push(input.keyId);
      return { evaluations: done.evaluatedBy.length };
    },
    PutMatchTags: (_input, transient: { keyId: string; tags: readonly PairTag[] }) => {
      tags = transient.tags;
      done.put.push(transient.keyId);
      return { linkId };
    },
    OpenDuplicateCase: ({ partnerMspId }: { partnerMspId: MspId }) => {
      bent.open?.(partnerMspId);
      done.opened.push(partnerMspId);
      return { state: 'open' };
    },
  };
  const node: Record<string, (input: never) => unknown> = {
    CollectEvaluations: () => {
      const code = bent.refusing?.(asked.keyId);
      if (code !== undefined) throw new Refused(code, '', {});
      const from = bent.answering?.(asked.keyId) ?? [A, B];
      const dealtKeySha256 = bent.followed?.(asked.keyId) ?? hashOfDealtKey(keyOf(asked.keyId).dealt);
      return { answers: from.map((mspId) => keyOf(asked.keyId).answer(mspId, asked.blinded)), silent: [], dealtKeySha256 };
    },
    FindDuplicates: ({ tags: questions }: { tags: readonly MatchQuestion[] }) => ({
      found: questions.flatMap(({ mspId, proof: question }) => {
        const secret = tags.find((pair) => pair.mspId === mspId)?.secret;
        if (secret === undefined) throw new Error('not kept before it is asked');
        const right = proofOfMatch(secret, { step: 'answer', from: mspId, to: A });
        const proof = bent.proving === undefined ? right : bent.proving(mspId, right, question);
        return proof === undefined ? [] : [{ mspId, proof }];
      }),
      silent: [],
    }),
    ReadDuplicate: ({ caseId }: { caseId: string }) => bent.readCase?.(caseId) ?? { caseId, state: 'open', otherMspId: B },
  };
  const named = (table: Record<string, (...args: never[]) => unknown>, name: string, ...args: unknown[]): Promise<unknown> =>
    Promise.resolve().then(() => table[name]?.(...(args as never[])));
  const by = {
    ...{ mspId: A, actorTag: actorTagSchema.parse('registrar-1'), network: { channel: 'records', genesis: sha256('genesis') } },
    node: {
      askSigned: ({ id }: { id: string }, input: unknown) => named(node, id, input),
      api: {
        ask: () =>
          Promise.resolve({
            organisations: registered.map((each) => (bent.writtenOver?.includes(each.mspId) ? withNewKey(each.mspId) : each)),
          }),
      },
    },
    ledger: {
      evaluate: ({ entry, input }: { entry: { name: string }; input: unknown }) => named(evaluate, entry.name, input),
      submit: async ({ entry, input, transient }: { entry: { name: string }; input: unknown; transient: unknown }) => ({
        result: await named(submit, entry.name, input, transient),
      }),
    },
  } as unknown as ComparingRegistrar; // the questions and transactions of a look
  return { done, look: () => findDuplicates(by, number, linkId) };
}

describe('a registrar who looks for a number', () => {
  it('opens a case with each hospital that proves that it knows it', async () => {
    const { done, look } = registrar();
    expect(await look()).toMatchObject({
      found: [
        { mspId: B, isNew: true },
        { mspId: C, isNew: true },
      ],
      silent: [],
    });
    expect(done).toEqual({ evaluatedBy: ['f-1'], put: ['f-1'], opened: [B, C] });
  });

  it('is told how many keys and cases nobody can read, and of none where there is none', async () => {
    expect(await registrar({ unreadable: { ofKeys: 1, ofCases: 2 } }).look()).toMatchObject({ unreadable: 3 });
    expect(await registrar().look()).not.toHaveProperty('unreadable');
  });

  it.each<[string, NonNullable<Bent['proving']>]>([
    ['anything', (mspId, right) => (mspId === B ? (sha256('anything') as unknown as typeof right) : right)],
    ['the question itself', (mspId, right, asked) => (mspId === B ? asked : right)],
  ])('believes no hospital that shows %s, and names it', async (_what, proving) => {
    const { done, look } = registrar({ proving });
    expect(await look()).toMatchObject({ found: [{ mspId: C }], silent: [{ mspId: B, code: 'ANSWER_DIFFERS' }] });
    expect(done.opened).toEqual([C]);
  });

  it.each<[string, Bent]>([
    [
      'whose case cannot be read',
      {
        cases: [{ openerMspId: B, partnerMspId: A }],
        readCase: () => {
          throw new Refused('SEAL_BROKEN', '', {});
        },
      },
    ],
    [
      'that is in no directory any more',
      {
        organisation: (mspId) => {
          if (mspId === B) throw new Refused('NOT_FOUND', '', {});
        },
      },
    ],
    [
      'with which the ledger opens none',
      {
        open: (partner) => {
          if (partner === B) throw new Refused('NOT_ACTIVE_ORGANISATION', '', {});
        },
      },
    ],
    ['whose keys in the state are others than its administrator has registered', { writtenOver: [B] }],
    [
      'whose note does not come about',
      {
        organisation: (mspId) => {
          if (mspId === B) throw new DomainError('INVALID_REQUEST');
        },
      },
    ],
  ])('has a case with the others beside a hospital %s', async (_what, bent) => {
    const { done, look } = registrar(bent);
    expect(await look()).toMatchObject({ found: [{ mspId: C, isNew: true }], silent: [{ mspId: B }] });
    expect(done.opened).toEqual([C]);
  });

  it('opens no case where the state has other keys of the own hospital', async () => {
    const { done, look } = registrar({ writtenOver: [A] });
    const code = 'ANSWER_DIFFERS';
    expect(await look()).toMatchObject({
      found: [],
      silent: [
        { mspId: B, code },
        { mspId: C, code },
      ],
    });
    expect(done.opened).toEqual([]);
  });

  it.each<[string, Bent]>([
    ['its own node refuses', { refusing: (keyId) => (keyId === 'f-101' ? 'SHARE_WRONG' : undefined) }],
    ['only others answer by', { answering: (keyId) => (keyId === 'f-101' ? [B, C] : [A, C]) }],
    ['its own node has followed with other deals', { followed: (keyId) => (keyId === 'f-101' ? sha256('others') : undefined) }],
    ['nobody answers by', { answering: (keyId) => (keyId === 'f-101' ? [] : [A, C]) }],
    [
      'its own node has followed with one holder more',
      { keys: [real, writtenAs({ holders: [A, B] })], followed: (keyId) => (keyId === 'f-101' ? hashOfDealtKey(anew.dealt) : undefined) },
    ],
    ['the ledger says to need fewer than it was dealt for', { keys: [real, keyFrom(101, '2026-05-02T08:00:00.000Z', { dealtFor: 3 })] }],
    ['the ledger says to need more than it was dealt for', { keys: [real, writtenAs({ threshold: 3 })], answering: () => holders }],
  ])('makes no tag by a newer key that %s, but by the one before', async (_what, bent) => {
    const { done, look } = registrar({ keys: [real, forged], ...bent });
    expect((await look()).found).toHaveLength(2);
    expect(done).toMatchObject({ evaluatedBy: ['f-101', 'f-1'], put: ['f-1'] });
  });

  it('makes no tag where its own node takes part in no key, and none by another key for any other refusal', async () => {
    const none = registrar({ keys: [real, forged], answering: () => [B, C] });
    await expect(none.look()).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { mspId: A } });
    const full = registrar({ keys: [real, forged], refusing: () => 'LIMIT_REACHED' });
    await expect(full.look()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect([none.done.put, full.done]).toEqual([[], { evaluatedBy: ['f-101'], put: [], opened: [] }]);
  });
});
