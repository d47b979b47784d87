import {
  checkSlotStatement,
  type Delegation,
  type Ledger,
  mspIdSchema,
  type Pseudonym,
  type PseudonymEntry,
  Refused,
  DomainError,
  type Relationship,
  bindingOf,
  hashOfJson,
  type SignedRequest,
  type SlotProof,
  type SummarySlot,
  type TransactionEntry,
} from '@lianyi/domain';
import { writeSlot } from '@lianyi/domain/deciding';
import { network } from './wallet-world.fixture';
import { NOW } from './ledger-of-one.fixture';

/** As much of a ledger as a summary and a recovery need, by the chaincode's own rules for slots. */
export class SummaryLedger {
  readonly slots = new Map<string, SummarySlot>();
  readonly pseudonyms = new Map<string, Pick<PseudonymEntry, 'nextKeyHash'>>();
  readonly delegations = new Map<string, Pick<Delegation, 'nextKeyHash' | 'state'>>();
  readonly relationships = new Map<string, Relationship['state']>();
  hospitals = ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => mspIdSchema.parse(mspId));
  /** The names of what was asked, in order. */
  readonly asked: string[] = [];
  /** Thrown at the next calls, one each. */
  readonly failures: Error[] = [];

  readonly node: Ledger = {
    evaluate: (request: SignedRequest<TransactionEntry>) => this.#answer(request),
    submit: (request: SignedRequest<TransactionEntry>) => this.#answer(request),
  } as unknown as Ledger; // as much of a ledger as a summary asks

  register(pseudonym: Pseudonym, nextKeyHash: PseudonymEntry['nextKeyHash'], state?: Relationship['state']): void {
    this.pseudonyms.set(pseudonym, { nextKeyHash });
    if (state !== undefined) this.relationships.set(pseudonym, state);
  }

  #answer({ entry, input, proof }: SignedRequest<TransactionEntry>): Promise<unknown> {
    this.asked.push(entry.name);
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    try {
      return Promise.resolve(this.#answerOf(entry, input, proof as SlotProof)); // a patient's own proof is not looked at here
    } catch (error) {
      return Promise.reject(error instanceof DomainError ? new Refused(error.code, error.message, error.details) : (error as Error));
    }
  }

  #answerOf(entry: TransactionEntry, input: unknown, proof: SlotProof): unknown {
    const asked = input as { readonly pseudonym?: string; readonly delegationId?: string; readonly slotIds?: readonly string[] };
    const { pseudonym = '', delegationId = '', slotIds = [] } = asked;
    switch (entry.name) {
      case 'ListSummarySlots':
        return { slots: slotIds.flatMap((id) => this.slots.get(id) ?? []) };
      case 'ListOrganisations':
        return { items: this.hospitals.map((mspId) => ({ mspId, kinds: ['hospital'] })) };
      case 'GetPseudonym':
        return orNotFound(this.pseudonyms.get(pseudonym));
      case 'GetDelegation':
        return orNotFound(this.delegations.get(delegationId));
      case 'GetRelationship':
        return { state: orNotFound(this.relationships.get(pseudonym)) };
      default:
        return this.#put(entry, input as SummarySlot, proof);
    }
  }

  #put(entry: TransactionEntry, input: SummarySlot, proof: SlotProof): unknown {
    const before = this.slots.get(input.slotId);
    checkSlotStatement(proof, { ...bindingOf(network, entry, hashOfJson(input)), now: NOW }, before);
    const { slotId, nextKeyHash } = proof.statement;
    const carrierMspId = mspIdSchema.parse('HospitalAMSP');
    this.slots.set(input.slotId, writeSlot(before, input, { kind: 'slot', slotId, nextKeyHash, carrierMspId }));
    return { result: {}, transactionId: `tx${this.asked.length}` };
  }
}

function orNotFound<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Refused('NOT_FOUND', 'none', {});
  return value;
}
