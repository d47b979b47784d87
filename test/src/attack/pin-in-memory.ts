import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { dealPin, type DealtPin, guessPin } from '@lianyi/client/pins';
import {
  canonicalJson,
  encodeArgument,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Organisation,
  type Pin,
  type PinId,
  type Proof,
  qualifiedName,
  type Transaction,
  transactions,
} from '@lianyi/domain';
import { storePin } from '@lianyi/domain/deciding';
import { type FollowedPin, PinAnswers } from '@lianyi/member-node/testing';
import { ledgerKey } from './forged-transaction';
import { type Call, HospitalInMemory } from './hospital-in-memory';
import { refusedWith } from './staff';

const RIGHT = '271828';
const SEED = new Uint8Array(32).fill(9);
type Submitted = { readonly entry: Transaction; readonly input: { readonly pinId: PinId }; readonly proof: Proof };
type Named = Parameters<PinAnswers['answer']>[0];

/**
 * A PIN whose paper somebody has found, at three hospitals of whom two answer together. A is honest, and follows the blocks; B gives an answer for
 * whatever it is asked, and has with others the say over what the state is.
 */
export class PinInMemory {
  /** The PIN as enough members' endorsers have written it. */
  state: Pin;
  /** What A has refused with last. */
  refusal: string | undefined;
  readonly #holders: readonly { readonly mspId: MspId; readonly key: PrivateKey }[];

  private constructor(
    readonly hospital: HospitalInMemory,
    readonly dealt: DealtPin,
    holders: readonly { readonly mspId: MspId; readonly key: PrivateKey }[],
  ) {
    this.#holders = holders;
    const { pseudonym } = hospital;
    const origin = { requestHash: dealt.termsSha256, actor: { kind: 'patient', pseudonym } } as const;
    this.state = storePin(transactions.StorePin.request.parse(dealt.input), hospital.network, hospital.at(), origin);
  }

  static async start(): Promise<PinInMemory> {
    const hospital = await HospitalInMemory.start();
    const holders = (['a', 'b', 'c'] as const).map((of) => ({ mspId: mspIdSchema.parse(hospital.member(of).mspId), key: newPrivateKey() }));
    const keys = holders.map(({ mspId, key }) => ({ mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(key) }] }));
    const dealt = await dealPin(hospital.network, { pseudonym: hospital.pseudonym, seed: SEED, pin: RIGHT }, keys);
    // as it is dealt it also stands in the state: the index takes no word for a PIN that was not written
    await hospital.add(hospital.command(transactions.StorePin, dealt.input, { [ledgerKey('pin', dealt.input.pinId)]: '{}' }));
    return new PinInMemory(hospital, dealt, holders);
  }

  /** Guesses with the wallet's program. @returns whether the seed came of it */
  async guess(pin: string): Promise<boolean> {
    const { network } = this.hospital;
    const node = { ask: (_operation: unknown, { body }: { readonly body: { readonly input: Named } }) => this.#collect(body.input) };
    const guessing = guessPin(
      { pin, code: this.dealt.code },
      { network, ledger: this.#ledger(), node: node as never, now: () => this.hospital.at() },
    );
    return (await refusedWith(guessing)) === undefined;
  }

  /** So many wrong guesses, and then the right one; `writeBack` is what is written of the PIN before each. */
  async guessAfter(wrong: number, writeBack: (count: number) => void): Promise<boolean> {
    for (let count = 0; count < wrong; count += 1) {
      writeBack(count);
      await this.guess(`31415${count % 10}${count % 7}`);
      if (count === 0 && this.refusal !== undefined) throw new Error(`A answers no guess: ${this.refusal}`);
    }
    writeBack(wrong);
    return this.guess(RIGHT);
  }

  /** A's node, or that of another hospital which says of the guesses what it likes. */
  answersOf(mspId: MspId, followed: (pinId: PinId) => Promise<FollowedPin | undefined>, stored: Pin = this.state): PinAnswers {
    const { hospital } = this;
    const holder = this.#holders.find((each) => each.mspId === mspId);
    if (holder === undefined) throw new Error('it holds no share');
    return new PinAnswers({
      ...{ mspId, network: hospital.network, organisationKeyEpoch: 1, privateKey: holder.key, followed },
      ...{ stored: () => Promise.resolve(stored), waitFor: (look) => look(), now: () => hospital.at() },
      encapsulationKeys: (of) => Promise.resolve(this.#registered(of)),
    });
  }

  /** A command about the PIN, carried by B's node; the patient is told of it, or it would count for nothing. */
  call({ entry, input, proof }: Submitted): Call {
    const { hospital } = this;
    const asked = { name: qualifiedName(entry), argument: encodeArgument({ input, proof }) };
    const event = entry.name === transactions.ConfirmPin.name ? 'PinConfirmed' : 'PinTried';
    const told = hospital.auditLine(event, { kind: 'pin', pinId: input.pinId });
    const writes = { [ledgerKey('pin', input.pinId)]: canonicalJson(this.state), ...told };
    return { creator: hospital.member('b').client, asked, writes, atMillis: hospital.now };
  }

  async #collect(named: Named): Promise<unknown> {
    const [a, b] = this.#holders;
    if (a === undefined || b === undefined) throw new Error('there are three');
    const answers = [];
    const asked = await this.hospital.index.pin(named.pinId);
    const lying = asked && {
      ...asked,
      attempts: named.attempt,
      confirmed: named.attempt - 1,
      ...(this.#blinded && { guess: this.#blinded }),
    };
    answers.push({ mspId: b.mspId, part: await this.answersOf(b.mspId, () => Promise.resolve(lying)).answer(named) });
    const honest = this.answersOf(a.mspId, (pinId) => this.hospital.index.pin(pinId)).answer(named);
    this.refusal = await refusedWith(honest);
    if (this.refusal === undefined) answers.push({ mspId: a.mspId, part: await honest });
    return { answers, silent: [] };
  }

  #registered(mspId: MspId): Organisation['encapsulationKeys'] | undefined {
    const holder = this.#holders.find((each) => each.mspId === mspId);
    return holder && [{ epoch: 1, publicKey: publicKeyOf(holder.key) }];
  }

  #blinded: FollowedPin['guess'];

  #ledger(): Ledger {
    const submit = async (submitted: Submitted): Promise<unknown> => {
      await this.hospital.add(this.call(submitted));
      const { entry, input } = submitted;
      if (entry.name !== transactions.TryPin.name) return { result: {} };
      this.#blinded = { blinded: transactions.TryPin.request.parse(input).blinded, at: this.hospital.at() };
      return { result: { left: 10 } };
    };
    return { evaluate: () => Promise.resolve(this.state), submit } as unknown as Ledger; // what a guess asks of one
  }
}
