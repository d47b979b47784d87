import { newPrivateKey, type PrivateKey, publicKeyOf, signedAs } from '@lianyi/client';
import { dealPin, type DealtPin, guessPin, type GuessedSeed, type PinGuessOptions, type PinHolder } from '@lianyi/client/pins';
import {
  addMilliseconds,
  DomainError,
  type GroupElement,
  hashOfKey,
  type Instant,
  instantSchema,
  type Ledger,
  type MspId,
  mspIdSchema,
  type NetworkIdentity,
  type Origin,
  type Pin,
  pseudonymSchema,
  Refused,
  sha256,
  transactions,
} from '@lianyi/domain';
import { confirmPin, hashOfPinTerms, storePin, tryPin } from '@lianyi/domain/deciding';
import { type FollowedPin } from '../ledger-index/pin-index';
import { PinAnswers } from './pin-answers';
import { type AskedByFinder, PinFinders } from './pin-finders';
import { PinHolders } from './pin-holders';

const NOW = instantSchema.parse('2026-05-01T08:00:00.000Z');
export const hospitals = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId, MspId];
export const [A, B, C] = hospitals;
const network: NetworkIdentity = { channel: 'records', chaincode: 'emr', genesis: sha256('genesis') };
const pseudonym = pseudonymSchema.parse('p-1');
export const seed = new Uint8Array(32).fill(9);
export const RIGHT = '271828';
export const WRONG = '314159';
const origin: Origin = { requestHash: sha256('request'), actor: { kind: 'patient', pseudonym } };

const admitEverybody = { assertWelcome: () => undefined, assertKnownSigner: () => Promise.resolve() };
type Signed = Pick<AskedByFinder, 'input' | 'proof'>;

/** A ledger with one PIN, and three hospitals' nodes that answer guesses at it; the rules are the chaincode's. */
export class PinWorld {
  readonly keys = new Map<MspId, PrivateKey>(hospitals.map((mspId) => [mspId, newPrivateKey()]));
  readonly silent = new Set<MspId>();
  readonly registeredKeys = new Map<MspId, PinHolder['encapsulationKeys']>();
  clock: Instant = NOW;
  #pin: Pin | undefined;
  #followed: FollowedPin | undefined;
  #dealt: DealtPin | undefined;

  async set(pin = RIGHT): Promise<DealtPin> {
    for (const mspId of hospitals) this.registeredKeys.set(mspId, this.holder(mspId).encapsulationKeys);
    const dealt = await dealPin(
      network,
      { pseudonym, seed, pin },
      hospitals.map((mspId) => this.holder(mspId)),
    );
    const input = transactions.StorePin.request.parse(dealt.input);
    this.#pin = storePin(input, network, NOW, origin);
    const of = { pseudonym, isRemoved: false, openKeyHash: input.openKeyHash };
    this.#followed = { ...of, termsSha256: hashOfPinTerms(input), attempts: 0, confirmed: 0 };
    this.#dealt = dealt;
    return dealt;
  }

  get pin(): Pin {
    if (this.#pin === undefined) throw new Error('no PIN');
    return this.#pin;
  }

  /** As enough members' endorsers could write the state, whatever nobody has signed. */
  forge(changes: Partial<Pin>): void {
    const forged = { ...this.pin, ...changes };
    if ('pinId' in changes && !('vault' in changes)) delete forged.vault;
    this.#pin = forged;
  }

  /** So many guesses were made, none of which was proved right. */
  forgeTried(attempts: number): void {
    if (this.#followed === undefined) throw new Error('no PIN');
    this.forge({ state: 'tried', attempts });
    this.#followed = { ...this.#followed, attempts };
  }

  /** A guess that was blinded by somebody's own program. */
  tryBlinded(blinded: GroupElement): void {
    const attempt = this.pin.attempts + 1;
    if (this.#followed === undefined) throw new Error('no PIN');
    this.#followed = { ...this.#followed, attempts: attempt, guess: { blinded, at: this.clock } };
  }

  get code(): string {
    return this.#dealt?.code ?? '';
  }

  holder(mspId: MspId): PinHolder {
    return { mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(this.keyOf(mspId)) }] };
  }

  keyOf(mspId: MspId): PrivateKey {
    return this.keys.get(mspId) ?? newPrivateKey();
  }

  node(mspId: MspId): PinAnswers {
    return new PinAnswers({
      ...{ mspId, network, organisationKeyEpoch: 1, privateKey: this.keyOf(mspId) },
      ...this.#reading(),
      encapsulationKeys: (holder) => Promise.resolve(this.registered(holder)),
    });
  }

  /** A's node as it collects answers. */
  holders(): PinHolders {
    return new PinHolders({
      ...{ mspId: A, ...this.#reading(), ownAnswer: (named) => this.#askNode(A, () => this.node(A).answer(named)) },
      directory: { endpoints: (mspId: MspId) => Promise.resolve([{ kind: 'keys', mspId }] as never) }, // what finds the node
      memberKeys: {
        ask: ((endpoint: { readonly mspId: MspId }, _operation: unknown, named: Parameters<PinAnswers['answer']>[0]) =>
          this.#askNode(endpoint.mspId, () => this.node(endpoint.mspId).answer(named))) as never, // the one operation of this test
      },
    });
  }

  /** The keys that a hospital's own administrator has registered: those of when the PIN was set, unless the test says others. */
  registered(mspId: MspId): PinHolder['encapsulationKeys'] | undefined {
    return this.registeredKeys.get(mspId);
  }

  /** A's node, as those who have a code find it. */
  finders(admission: ConstructorParameters<typeof PinFinders>[0]['admission'] = admitEverybody): PinFinders {
    const holders = this.holders();
    return new PinFinders({
      ...this.#reading(),
      identity: { ...network, mspId: A },
      admission,
      collect: (named) => holders.collect(named),
    });
  }

  /** One guess through A's node. */
  guess(pin: string, code = this.code, options: Partial<PinGuessOptions> = {}): Promise<GuessedSeed> {
    const finders = this.finders();
    const node = {
      ask: (operation: Parameters<typeof signedAs>[0], { body }: { body: Signed }) =>
        finders.collect({ operation: signedAs(operation), signedInput: body.input, ...body, ip: '192.0.2.1' }),
    };
    const asking = { network, ledger: this.ledger(), node: node as never, now: () => this.clock };
    return guessPin({ pin, code }, { ...asking, ...options });
  }

  /** As nodes follow it when the patient has taken the PIN back. */
  remove(): void {
    if (this.#followed === undefined) throw new Error('no PIN');
    this.#followed = { ...this.#followed, isRemoved: true };
  }

  #askNode<Answer>(mspId: MspId, answer: () => Promise<Answer>): Promise<Answer> {
    return this.silent.has(mspId) ? Promise.reject(new DomainError('MEMBER_UNAVAILABLE')) : answer();
  }

  #reading() {
    return {
      followed: () => Promise.resolve(this.#followed),
      stored: () => Promise.resolve(this.#pin),
      waitFor: <Found>(look: () => Promise<Found | undefined>) => look(),
      now: () => this.clock,
    };
  }

  /** What a member's node tells and carries. @param shown - what it shows of the entry, if not what there is */
  ledger(shown: (pin: Pin) => Pin | undefined = (pin) => pin): Ledger {
    const evaluate = ({ input }: { readonly input: { readonly pinId: string } }): Promise<unknown> =>
      this.#pin !== undefined && input.pinId === this.#pin.pinId && shown(this.#pin) !== undefined
        ? Promise.resolve(shown(this.#pin))
        : Promise.reject(new Refused('NOT_FOUND', '', {}));
    const submit = (request: Submitted): Promise<unknown> => Promise.resolve().then(() => this.#submit(request));
    return { evaluate, submit } as unknown as Ledger; // the three transactions of somebody who comes back
  }

  #submit({ entry, input, proof }: Submitted): unknown {
    const { pinId } = this.pin;
    const by = { kind: 'pin', pinId, keyHash: hashOfKey(proof.statement.publicKey), carrierMspId: A } as const;
    const followed = this.#followed;
    if (followed === undefined) throw new Error('no PIN');
    const { attempt } = input;
    if (entry.name === 'TryPin') {
      this.#pin = tryPin(this.pin, input, by, this.clock);
      this.#followed = { ...followed, attempts: attempt, guess: { blinded: input.blinded, at: this.clock } };
      return { result: { pinId, attempt, left: 10 - (attempt - followed.confirmed) } };
    }
    this.#pin = confirmPin(this.pin, attempt, by, this.clock);
    this.#followed = { ...followed, confirmed: attempt };
    return { result: { pinId, state: this.pin.state } };
  }

  later(millis: number): void {
    this.clock = addMilliseconds(this.clock, millis);
  }
}

interface Submitted {
  readonly entry: { readonly name: string };
  readonly input: Parameters<typeof tryPin>[1];
  readonly proof: { readonly statement: { readonly publicKey: Parameters<typeof hashOfKey>[0] } };
}

/** The same with the right PIN set. */
export async function stage(): Promise<PinWorld> {
  const world = new PinWorld();
  await world.set();
  return world;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The code with which something was refused, or `answered`. */
export const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'answered',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
