import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import {
  type AnsweredPart,
  type ComparingRegistrar,
  type DealtKey,
  findDuplicates,
  proofOfMatch,
  publicShareOfHolder,
} from '@lianyi/client/matching';
import {
  actorTagSchema,
  type DuplicateCase,
  type DuplicateCaseId,
  encodeBase64url,
  functionDealSchema,
  functionKeySchema,
  type GroupElement,
  instantOf,
  linkIdSchema,
  type MatchProof,
  type MatchQuestion,
  type MspId,
  mspIdSchema,
  type Organisation,
  type PairTag,
  pseudonymSchema,
  type PublicKey,
  type SealedToBoth,
  sha256,
} from '@lianyi/domain';
import { hashOfDealtKey } from '@lianyi/domain/deciding';
import { commitmentsOf, evaluatePart, polynomialFrom, provePossession, shareFor, sumOfShares } from '@lianyi/domain/oblivious';

/** Hospitals that share a function's key, a registrar of the first who looks for a number, and what the others play. */

export const hospitals = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId, MspId];
const [A] = hospitals;
export const identifier = { system: 'national-id', value: '11010519491231002X' };
export const network = { channel: 'records', chaincode: 'emr', genesis: sha256('genesis') };
export const ofA = pseudonymSchema.parse('p-of-a');
const linkId = linkIdSchema.parse('l-1');
const link = { linkId, pseudonym: ofA, system: identifier.system };

/** A key that stands on the ledger as ready, with all of its shares: who has dealt them all knows the whole key. */
export interface KeyInMemory {
  readonly dealt: DealtKey;
  readonly answer: (mspId: MspId, blinded: readonly GroupElement[]) => AnsweredPart;
}

export function keyInMemory(keyId: string, seed: number, changedAtMillis: number): KeyInMemory {
  const at = instantOf(changedAtMillis);
  const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: A, actorTag: 'key-service' } };
  const polynomials = hospitals.map((_mspId, index) => polynomialFrom(new Uint8Array(32).fill(seed + index), 2));
  const key = functionKeySchema.parse({
    ...{ schemaVersion: 1, keyId, mspId: A, holders: hospitals, threshold: 2, state: 'ready', dealt: hospitals, accepted: hospitals },
    ...{ openedAt: at, changedAt: at, origin },
  });
  const shares = hospitals.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: encodeBase64url(new Uint8Array(114)) }));
  const deals = polynomials.map((polynomial, index) =>
    functionDealSchema.parse({
      ...{ schemaVersion: 1, keyId, mspId: hospitals[index], commitments: commitmentsOf(polynomial), at, origin, shares },
      possession: provePossession(polynomial, 'any'),
    }),
  );
  const dealt = { key, deals };
  const answer = (mspId: MspId, blinded: readonly GroupElement[]): AnsweredPart => {
    const share = sumOfShares(polynomials.map((polynomial) => shareFor(polynomial, hospitals.indexOf(mspId) + 1)));
    const part = evaluatePart(share, publicShareOfHolder(dealt, mspId), blinded);
    if (part === undefined) throw new Error('a holder could not answer');
    return { mspId, part };
  };
  return { dealt, answer };
}

/** What the ledger has and the others do, where it is not what is right. */
export interface Played {
  readonly keys: readonly KeyInMemory[];
  /** Whose answers there are to an evaluation by a key. */
  readonly answering?: (keyId: string) => readonly MspId[];
  /** What each shows when it is asked whether it knows the number; undefined: it says no. */
  readonly showing: (question: MatchQuestion, right: MatchProof) => MatchProof | undefined;
  readonly cases?: readonly DuplicateCase[];
  /** One more encapsulation key of a hospital, of the newest epoch, that others have written into the state. */
  readonly writtenOver?: ReadonlyMap<MspId, PublicKey>;
  /** A's node opens a case. */
  readonly readCase?: (caseId: DuplicateCaseId, tags: readonly PairTag[]) => Promise<unknown>;
}

interface Opened {
  readonly partnerMspId: MspId;
  readonly caseId: DuplicateCaseId;
  readonly sealed: SealedToBoth;
}

/** The registrar's program, and what came of it. */
export class RegistrarInMemory {
  readonly opened: Opened[] = [];
  /** What each other hospital was asked with. */
  questions: readonly MatchQuestion[] = [];
  readonly #keys = new Map<MspId, PrivateKey>(hospitals.map((mspId) => [mspId, newPrivateKey()]));
  #evaluated: { readonly keyId: string; readonly blinded: readonly GroupElement[] } | undefined;
  #tags: readonly PairTag[] = [];

  constructor(private readonly played: Played) {}

  privateKeyOf(mspId: MspId): PrivateKey {
    const found = this.#keys.get(mspId);
    if (found === undefined) throw new Error(`${mspId} is none of the hospitals`);
    return found;
  }

  look(): ReturnType<typeof findDuplicates> {
    const by = {
      ...{ network, mspId: A, actorTag: actorTagSchema.parse('registrar-1'), sign: undefined },
      node: {
        askSigned: ({ id }: { readonly id: string }, input: never) => Promise.resolve().then(() => this.#node(id, input)),
        api: { ask: () => Promise.resolve({ organisations: hospitals.map((mspId) => this.#registered(mspId)) }) },
      },
      ledger: {
        evaluate: ({ entry, input }: { readonly entry: { readonly name: string }; readonly input: never }) =>
          Promise.resolve(this.#evaluate(entry.name, input)),
        submit: ({ entry, ...asked }: { readonly entry: { readonly name: string }; readonly input: never; readonly transient: never }) =>
          Promise.resolve({ result: this.#submit(entry.name, asked) }),
      },
    } as unknown as ComparingRegistrar; // the questions and transactions of a look
    return findDuplicates(by, identifier, linkId);
  }

  #keyNamed(keyId: string | undefined): KeyInMemory {
    const found = this.played.keys.find(({ dealt }) => dealt.key.keyId === keyId);
    if (found === undefined) throw new Error('there is no such key');
    return found;
  }

  #evaluate(name: string, { keyId, mspId }: { readonly keyId?: string; readonly mspId?: MspId }): unknown {
    if (name === 'ResolveIdentifier') return link;
    if (name === 'ListFunctionKeys') return { items: this.played.keys.map(({ dealt }) => dealt.key) };
    if (name === 'GetFunctionKey') return this.#keyNamed(keyId).dealt;
    if (name === 'ListDuplicateCases') return { items: this.played.cases ?? [] };
    const { encapsulationKeys } = this.#registered(mspId ?? A);
    const more = this.played.writtenOver?.get(mspId ?? A);
    return { mspId, encapsulationKeys: more === undefined ? encapsulationKeys : [...encapsulationKeys, { epoch: 9, publicKey: more }] };
  }

  /** As its own administrator has, in the blocks. */
  #registered(mspId: MspId): Pick<Organisation, 'mspId' | 'encapsulationKeys'> {
    return { mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(this.privateKeyOf(mspId)) }] };
  }

  #submit(name: string, { input, transient }: { readonly input: never; readonly transient: never }): unknown {
    if (name === 'RequestEvaluation') this.#evaluated = input;
    if (name === 'PutMatchTags') ({ tags: this.#tags } = transient);
    if (name === 'OpenDuplicateCase') this.opened.push(input);
    return { evaluations: 1, state: 'open' };
  }

  #node(id: string, input: { readonly tags: readonly MatchQuestion[]; readonly caseId: DuplicateCaseId }): unknown {
    if (id === 'ReadDuplicate') return this.played.readCase?.(input.caseId, this.#tags);
    if (id === 'CollectEvaluations') {
      const { keyId = '', blinded = [] } = this.#evaluated ?? {};
      const from = this.played.answering?.(keyId) ?? hospitals;
      const dealtKeySha256 = hashOfDealtKey(this.#keyNamed(keyId).dealt);
      return { answers: from.map((mspId) => this.#keyNamed(keyId).answer(mspId, blinded)), silent: [], dealtKeySha256 };
    }
    this.questions = input.tags;
    const found = input.tags.flatMap((question) => {
      const secret = this.#tags.find(({ mspId }) => mspId === question.mspId)?.secret;
      if (secret === undefined) throw new Error('what is asked with is kept before');
      const proof = this.played.showing(question, proofOfMatch(secret, { step: 'answer', from: question.mspId, to: A }));
      return proof === undefined ? [] : [{ mspId: question.mspId, proof }];
    });
    return { found, silent: [] };
  }
}
