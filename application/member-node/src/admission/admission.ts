import {
  DomainError,
  type Ledger,
  type OutcomeOf,
  perform,
  type Proof,
  qualifiedName,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { callerAddress } from './address';
import { HeldAnswers } from './held-answers';
import { KnownKeys } from './known-keys';
import { SignerLanes, type SignerProof } from './signer-lanes';
import { Strangers, type StrangerLimits } from './strangers';
import { UnknownBytes } from './unknown-bytes';

/** Who makes a summary slot writes to the ledger for ever and is known to nobody: a tenth of what other strangers may, who only ask. */
const NEW_SLOTS_SHARE = 1 / 10;
/** New slots of one address in a minute where nothing is configured. */
const NEW_SLOTS_PER_MINUTE = 30;
/** Slots written in a minute by one address: the patients of a ward share one, and each command of theirs is followed by one write. */
const SLOT_WRITES_SHARE = 4 / 10;
const SLOT_WRITES_PER_MINUTE = 120;
/** Slots that are on their way to the peers' gateways, by address: nobody knows whose they are, so they never stand before a command. */
const SLOT_WRITES = { atOnce: 4, perCaller: 1, waiting: 64, waitingPerCaller: 8 };
const PUT_SLOT = qualifiedName(transactions.PutSummarySlot);

/** What the ledger refuses a proof with whose key is not the registered one. */
const KEY_REFUSALS: ReadonlySet<string> = new Set(['STALE_KEY', 'BAD_SIGNATURE']);

/**
 * Questions and commands of others that are on their way to the peer's gateway; the node's own services do not wait behind them. Those of one hospital's
 * patients are half of what all patients have, and where too many wait the hospital of which most wait gives way.
 */
const QUESTIONS = {
  staff: { atOnce: 32, perCaller: 16, waiting: 512, waitingPerCaller: 64 },
  patients: {
    ofReader: { perCaller: 8, waitingPerCaller: 64 },
    ofMember: { atOnce: 32, perCaller: 16, waiting: 512, waitingPerCaller: 256, largestGivesWay: true },
  },
  sites: { atOnce: 8, perCaller: 2, waiting: 128, waitingPerCaller: 32, largestGivesWay: true },
};
const COMMANDS = {
  staff: { atOnce: 64, perCaller: 16, waiting: 512, waitingPerCaller: 64, patienceMillis: 60_000 },
  patients: {
    ofReader: { perCaller: 4, waitingPerCaller: 64 },
    ofMember: { atOnce: 64, perCaller: 32, waiting: 512, waitingPerCaller: 256, largestGivesWay: true, patienceMillis: 60_000 },
  },
  sites: { atOnce: 8, perCaller: 2, waiting: 128, waitingPerCaller: 32, largestGivesWay: true, patienceMillis: 60_000 },
};
/** Requests whose signer has seen a block that the peer does not have yet: each has few places to wait in, and takes nobody else's. */
const WAITS = {
  staff: { atOnce: 256, perCaller: 4, waiting: 0, waitingPerCaller: 0 },
  patients: { ofReader: { perCaller: 2, waitingPerCaller: 0 }, ofMember: { atOnce: 256, perCaller: 64, waiting: 0, waitingPerCaller: 0 } },
  sites: { atOnce: 64, perCaller: 4, waiting: 0, waitingPerCaller: 0 },
};
/**
 * Requests that are held until something happens to a patient. Of all together there are as many as {@link HeldAnswers} spares, which has one give way and
 * refuses none; one reader has few.
 */
const NEWS = {
  staff: { atOnce: 1, perCaller: 1, waiting: 0, waitingPerCaller: 0 },
  patients: {
    ofReader: { perCaller: 8, waitingPerCaller: 0 },
    ofMember: { atOnce: 4_096, perCaller: 4_096, waiting: 0, waitingPerCaller: 0 },
  },
  sites: { atOnce: 64, perCaller: 4, waiting: 0, waitingPerCaller: 0 },
};
/** A quarter of the connections that there are for everybody who is no member. */
const HELD_ANSWERS = 512;
/** As many times the budget of one address have all unknown signers together: a proof costs its sender a signature, a question nothing. */
const SIGNING_ADDRESSES = 16;

/**
 * Decides what reaches the peers. A proof must be by a key that the ledger knows, which one cheap read tells, before chaincodes endorse
 * anything; and whoever the ledger does not know gets little of the peers' time.
 */
export class Admission {
  readonly #keys: KnownKeys;
  /** Who asks without a proof. */
  readonly #strangers: Strangers;
  /** Who shows a sound proof by a key that this node has not seen: after a start that is everybody, so no anonymous question uses theirs up. */
  readonly #unknownSigners: Strangers;
  /** Who makes a summary slot, which nobody has to be known for. */
  readonly #slotMakers: Strangers;
  /** Who writes one, its first time or again: whoever has made some slots is a stranger still. */
  readonly #slotWriters: Strangers;
  /** What is read of those who have not shown a key yet. */
  readonly #bytes: UnknownBytes;
  readonly #questions = new SignerLanes(QUESTIONS);
  readonly #commands = new SignerLanes(COMMANDS);
  readonly #waits = new SignerLanes(WAITS);
  readonly #news = new SignerLanes(NEWS);
  readonly #held: HeldAnswers;

  constructor(
    private readonly ledger: Ledger,
    limits: Partial<StrangerLimits> = {},
    now: () => number = Date.now,
    heldAnswers = HELD_ANSWERS,
  ) {
    this.#held = new HeldAnswers(heldAnswers);
    this.#keys = new KnownKeys(ledger, now);
    this.#bytes = new UnknownBytes(now);
    this.#strangers = new Strangers(limits, now);
    this.#unknownSigners = new Strangers({ addresses: SIGNING_ADDRESSES, ...limits }, now);
    const shareOf = (share: number, otherwise: number): Partial<StrangerLimits> => ({
      ...limits,
      perMinute: limits.perMinute === undefined ? otherwise : limits.perMinute * share,
    });
    this.#slotMakers = new Strangers(shareOf(NEW_SLOTS_SHARE, NEW_SLOTS_PER_MINUTE), now);
    this.#slotWriters = new Strangers(shareOf(SLOT_WRITES_SHARE, SLOT_WRITES_PER_MINUTE), now, SLOT_WRITES);
  }

  /**
   * Carries a request to the ledger.
   * @param ip - where it came from
   * @throws as {@link assertKnownSigner} and {@link Ledger}; {@link DomainError} `NODE_BUSY`, `RATE_LIMITED`
   */
  async carry<Entry extends TransactionEntry>(request: SignedRequest<Entry>, ip: string): Promise<OutcomeOf<Entry>> {
    const { proof } = request;
    if (proof === undefined) return this.#asStranger(this.#strangers, request, ip);
    await this.assertKnownSigner(proof, ip);
    return this.told(proof, request.entry, () =>
      proof.kind === 'slot'
        ? this.#asStranger(this.#slotWriters, request, ip)
        : this.#inTurn(this.#lanesOf(request.entry), proof, ip, () => perform(this.ledger, request)),
    );
  }

  /**
   * Looks, before a signature is verified, whether anything would be asked for whoever sent it: by a key that this node remembers, or from
   * an address that may still show unknown ones. Verifying costs several times what the rest of a refusal does.
   * @throws {@link DomainError} `RATE_LIMITED`
   */
  assertWelcome(proof: Proof, ip: string): void {
    if (!this.#keys.remembers(proof)) this.#budgetOf(proof).assertAllowed(ip);
  }

  /**
   * Checks that the ledger knows the key of a proof as its signer's.
   * @throws {@link DomainError} as the chaincode would say it: `STALE_KEY`, `BAD_SIGNATURE`; `NOT_PERMITTED` — no such signer; `RATE_LIMITED`
   * and `NODE_BUSY` — not even looked at, because of too many others that were none
   */
  async assertKnownSigner(proof: Proof, ip: string): Promise<void> {
    assertOpensNothingElse(proof);
    if (!this.#keys.remembers(proof)) await this.#assertKnown(proof, ip);
    // the key of a slot makes nobody known
    if (proof.kind !== 'slot') this.#bytes.known(ip);
  }

  /**
   * Looks, before a body is parsed, whether so many bytes would be read from there.
   * @throws {@link DomainError} `RATE_LIMITED`
   */
  assertMayRead(ip: string, bytes: number): void {
    this.#bytes.charge(ip, bytes);
  }

  async #assertKnown(proof: Proof, ip: string): Promise<void> {
    this.assertWelcome(proof, ip);
    const found = await this.#keys.ask(proof, callerAddress(ip), (read) => this.#budgetOf(proof).ask(ip, read));
    if (found === 'known') return;
    if (found === 'other-key') throw new DomainError(proof.kind === 'staff' || proof.kind === 'assisted' ? 'BAD_SIGNATURE' : 'STALE_KEY');
    throw new DomainError('NOT_PERMITTED', NO_SUCH_SIGNER[proof.kind]);
  }

  /** Does what a known signer asked, and learns from how it ended which key is next. */
  async told<Result>(proof: Proof, { kind }: Pick<TransactionEntry, 'kind'>, work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      if (kind === 'submit') this.#keys.rolled(proof);
      return result;
    } catch (error) {
      if (error instanceof Refused && KEY_REFUSALS.has(error.code)) this.#keys.forget(proof);
      throw error;
    }
  }

  /**
   * Does for a known signer what asks the peer something and is no transaction of theirs, in the turn of questions.
   * @param ip - where it came from
   * @throws {@link DomainError} `RATE_LIMITED`, `NODE_BUSY`
   */
  question<Result>(proof: SignerProof, ip: string, work: () => Promise<Result>): Promise<Result> {
    return this.#inTurn(this.#questions, proof, ip, work);
  }

  /**
   * Waits for a known signer, in their own places, before anything is asked for them.
   * @param ip - where it came from
   * @throws {@link DomainError} `RATE_LIMITED`, `NODE_BUSY`
   */
  waiting(proof: SignerProof, ip: string, wait: () => Promise<void>): Promise<void> {
    return this.#inTurn(this.#waits, proof, ip, wait);
  }

  /**
   * Waits for what happens to a patient, for who may be told, in their own places.
   * @param wait - ends soon after `givenWay`
   * @throws as {@link waiting}
   */
  waitingForNews<News>(proof: SignerProof, ip: string, wait: (givenWay: Promise<undefined>) => Promise<News>): Promise<News> {
    const hospital = this.#keys.hospitalOf(proof) ?? '';
    return this.#inTurn(this.#news, proof, ip, () => this.#held.hold(hospital, wait));
  }

  #inTurn<Result>(lanes: SignerLanes, proof: SignerProof, ip: string, work: () => Promise<Result>): Promise<Result> {
    return lanes.run(proof, { ip, hospital: this.#keys.hospitalOf(proof) }, work);
  }

  async #asStranger<Entry extends TransactionEntry>(
    budget: Strangers,
    request: SignedRequest<Entry>,
    ip: string,
  ): Promise<OutcomeOf<Entry>> {
    const { outcome } = await budget.ask(ip, async () => ({ outcome: await perform(this.ledger, request), isKnown: false }));
    return outcome;
  }

  #budgetOf({ kind }: Proof): Strangers {
    return kind === 'slot' ? this.#slotMakers : this.#unknownSigners;
  }

  #lanesOf({ kind }: TransactionEntry): SignerLanes {
    return kind === 'evaluate' ? this.#questions : this.#commands;
  }
}

const NO_SUCH_SIGNER: Readonly<Record<Proof['kind'], string>> = {
  patient: 'no such pseudonym',
  staff: 'no such staff entry',
  slot: 'no such summary slot',
  delegate: 'no such delegation',
  guardian: 'no such guardian',
  assisted: 'no such staff entry',
  pin: 'no such PIN',
};

/**
 * Lets the key of a slot open that slot and nothing else: whoever likes makes one, so it makes nobody known.
 * @throws {@link DomainError} `NOT_PERMITTED`
 */
function assertOpensNothingElse({ kind, statement }: Proof): void {
  if (kind === 'slot' && statement.transaction !== PUT_SLOT) throw new DomainError('NOT_PERMITTED', 'the key of a summary slot');
}
