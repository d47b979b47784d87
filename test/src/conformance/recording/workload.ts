import { type Transaction } from '@hyperledger/fabric-gateway';
import { gateway } from '@lianyi/fabric-protocol';
import { A, type ConformanceNetwork } from '../conformance-network';
import { type Craftsman } from '../craft';
import { type Party } from '../party';
import { submitEnvelope } from '../raw-requests';
import { type Call, drawCall } from './calls';
import { Draft } from './draft';
import { type SeededChoice } from './seeded-choice';
import { type Gang, type Spoil, spoils } from './spoils';
import { waitUntil } from '../../wait-until';

/** A little more than the channel's batch time-out. */
const BLOCK_MILLIS = 30;
const PATIENCE_MILLIS = 90_000;
type Envelope = ReturnType<Draft['seal']>;

/** An envelope that only has to be sent, and through whom. */
interface Sealed {
  readonly party: Party;
  readonly envelope: Envelope;
  readonly call?: Call;
}

interface Endorsed {
  readonly call: Call;
  readonly party: Party;
  readonly transaction: Transaction;
}

/** How much of everything a round has. */
export interface RoundSize {
  readonly calls: number;
}

/**
 * Clients of all organisations at random: each round endorses many calls on the same state and sends them together, some
 * twice, some spoilt, some rounds later.
 */
export class Workload {
  #held: Sealed[] = [];
  readonly #spoilt: Sealed[] = [];
  readonly #unusedSpoils: [string, Spoil][];
  /** Calls that got no endorsement and envelopes no orderer took. */
  refused = 0;

  constructor(
    private readonly network: ConformanceNetwork,
    private readonly choice: SeededChoice,
    private readonly gang: Gang,
  ) {
    this.#unusedSpoils = this.choice.shuffled([...spoils]);
  }

  async round({ calls }: RoundSize): Promise<void> {
    const drawn = Array.from({ length: calls }, () => drawCall(this.choice));
    const results = await Promise.all(drawn.map((call) => this.#endorse(call)));
    const ready = results.filter((each) => each !== undefined);
    this.refused += results.length - ready.length;
    const due = this.#held.filter(() => this.choice.chance(0.3));
    this.#held = this.#held.filter((each) => !due.includes(each));
    const now = ready.flatMap((endorsed) => this.#seal(endorsed));
    await this.#sendAll([...now, ...due]);
    await this.#sendSpoilt();
  }

  /** Each into a block of its own, so that every verdict is about one of them. */
  async #sendSpoilt(): Promise<void> {
    for (const sealed of this.#spoilt.splice(0)) {
      const height = await this.network.height();
      const isTaken = await submitEnvelope(sealed.party.client, sealed.envelope).then(
        () => true,
        () => false,
      );
      if (!isTaken) this.refused += 1;
      else await waitUntil('a block comes', async () => (await this.network.height()) > height, PATIENCE_MILLIS);
    }
  }

  /** Sends what was held back. */
  async flush(): Promise<void> {
    const due = this.#held;
    this.#held = [];
    await this.#sendAll(due);
  }

  /** Spoils good transactions until every way has been used. */
  async useAllSpoils(): Promise<void> {
    while (this.#unusedSpoils.length > 0) {
      const call: Call = { mspId: A, name: 'put', args: [`s${this.#unusedSpoils.length}`, 'x'], options: {} };
      const endorsed = await this.#endorse(call);
      if (endorsed) this.#spoilt.push(this.#spoil(endorsed));
      await this.#sendSpoilt();
    }
  }

  /** Endorses calls to be sent after something else has happened. */
  async hold(count: number): Promise<void> {
    const results = await Promise.all(Array.from({ length: count }, () => this.#endorse(drawCall(this.choice))));
    for (const endorsed of results) if (endorsed) this.#held.push({ ...endorsed, envelope: sealOf(endorsed) });
  }

  async #endorse(call: Call): Promise<Endorsed | undefined> {
    const party = this.network.as(call.mspId);
    try {
      return { call, party, transaction: await party.endorse(call.name, call.args, call.options) };
    } catch {
      return undefined; // a refusal is an answer, too; it leaves no transaction
    }
  }

  #seal(endorsed: Endorsed): readonly Sealed[] {
    const { call, party } = endorsed;
    const sealed = { party, call, envelope: sealOf(endorsed) };
    const isRepeated = isRepeatable(call) && this.choice.chance(0.1);
    if (isRepeated && this.choice.chance(0.5)) return [sealed, sealed];
    if (isRepeated) this.#held.push(sealed); // and again later
    if (this.choice.chance(0.15)) {
      this.#held.push(sealed);
      return [];
    }
    if (call.name === 'put' && call.options.chaincode === undefined && this.choice.chance(0.5)) {
      this.#spoilt.push(this.#spoil(endorsed));
      // whatever becomes of the spoilt one, it uses up the id it shares with the good one
      if (this.choice.chance(0.3)) this.#held.push(sealed);
      return [];
    }
    return [sealed];
  }

  /** Every way to spoil is used once before any is used twice. */
  #spoil({ party, transaction }: Endorsed): Sealed {
    const [, spoil] = this.#unusedSpoils.pop() ?? this.choice.of([...spoils]);
    const draft = new Draft(transaction);
    spoil(draft, this.gang);
    return { party, envelope: draft.seal(party.craftsman) };
  }

  /** Deletions first, changes of nothing but a policy last, the others with either; never the two in one block. */
  async #sendAll(envelopes: readonly Sealed[]): Promise<void> {
    const shuffled = this.choice.shuffled(envelopes);
    const early = new Set(shuffled.filter(({ call }) => !isPolicyOnly(call) && (isDeletion(call) || this.choice.chance(0.5))));
    await this.#sendInWaves([...early]);
    await this.#sendInWaves(shuffled.filter((each) => !early.has(each)));
  }

  async #sendInWaves(envelopes: readonly Sealed[]): Promise<void> {
    if (envelopes.length === 0) return;
    const inOneGo = this.choice.chance(0.4) ? envelopes.length : 1 + this.choice.below(6);
    for (let start = 0; start < envelopes.length; start += inOneGo) {
      const outcomes = await Promise.allSettled(
        envelopes.slice(start, start + inOneGo).map(({ party, envelope }) => submitEnvelope(party.client, envelope)),
      );
      this.refused += outcomes.filter(({ status }) => status === 'rejected').length;
      // longer than the batch time-out: what follows comes into another block
      await new Promise((done) => setTimeout(done, BLOCK_MILLIS));
    }
    // what was sent before is in a block when this is
    await settled(() => this.network.as(A).submit('put', ['tick', String(this.choice.below(10))]));
  }
}

/** Private values are there for one commit. */
function isRepeatable({ name, changesPolicy }: Call): boolean {
  return changesPolicy === undefined && !['pput', 'prmw', 'pdel', 'ppurge', 'phashWrite'].includes(name);
}

function isDeletion(call: Call | undefined): boolean {
  return ['del', 'pdel', 'ppurge'].includes(call?.name ?? '') || (call?.name === 'put' && call.args[1] === '');
}

function isPolicyOnly(call: Call | undefined): boolean {
  return ['setEP', 'psetEP'].includes(call?.name ?? '');
}

function sealOf({ party, transaction }: Endorsed): Envelope {
  const craftsman: Craftsman = party.craftsman;
  const envelope = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes()).getEnvelope();
  if (envelope === undefined) throw new Error('an endorsed transaction has an envelope');
  envelope.setSignature(craftsman.sign(Buffer.from(envelope.getPayload_asU8())));
  return envelope;
}

/** Tries again what a busy network, or a BFT submit that only seems lost, made fail. */
export async function settled<T>(work: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts) throw error;
    }
  }
}
