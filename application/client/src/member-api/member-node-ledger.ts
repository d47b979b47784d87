import { ZodError } from 'zod';
import {
  decodeOutcome,
  DomainError,
  type Ledger,
  type Output,
  type OutcomeOf,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { failureOfCommand, type MemberApi, misfit } from './member-api';
import { carryingOperation, type MemberOperation } from './operations';

/** Made once an entry: its schemas are not cheap. */
const operations = new WeakMap<TransactionEntry, MemberOperation>();

function operationOf(entry: TransactionEntry): MemberOperation {
  const operation = operations.get(entry) ?? carryingOperation(entry);
  operations.set(entry, operation);
  return operation;
}

/** The ledger through a member node that carries requests; they must be signed, save the few that the node asks for anybody. */
export class MemberNodeLedger implements Ledger {
  /** @param seenBlock - what is asked is asked of no peer that does not have this block */
  constructor(
    private readonly api: MemberApi,
    private readonly seenBlock?: bigint,
  ) {}

  /** The same ledger to whoever has seen a block: a node whose peer is behind it waits a while, and then refuses (`PEER_BEHIND`). */
  since(block: bigint): MemberNodeLedger {
    return new MemberNodeLedger(this.api, block);
  }

  /** @throws as {@link Ledger}; {@link DomainError} `ANSWER_DIFFERS` — the node answers another question */
  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const { result } = await this.#carry(request);
    assertAnswersQuestion(request.input, result);
    return result;
  }

  /**
   * Asks a question of the patient's side, and has the answer held until something happens to that patient after a block.
   * @returns the block in which it has; undefined: nothing has for as long as the node holds answers
   */
  async news(request: SignedRequest<TransactionEntry>, after: bigint): Promise<bigint | undefined> {
    return (await this.#carry(request, { newsAfter: after.toString() })).blockNumber;
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    try {
      return await this.#carry(request);
    } catch (error) {
      throw failureOfCommand(error);
    }
  }

  async #carry<Entry extends TransactionEntry>(
    { entry, input, proof, transient }: SignedRequest<Entry>,
    more: { readonly newsAfter?: string } = {},
  ): Promise<OutcomeOf<Entry>> {
    const seen = this.seenBlock === undefined ? {} : { seenBlock: this.seenBlock.toString() };
    const body = { input, ...(proof === undefined ? {} : { proof }), ...(transient === undefined ? {} : { transient }), ...seen, ...more };
    const answer = await this.api.call(operationOf(entry), { body });
    try {
      return decodeOutcome(entry, answer.body);
    } catch (error) {
      throw error instanceof ZodError ? misfit(error) : error;
    }
  }
}

/**
 * Refuses an answer about something else than was asked, before anything is done with any part of it: a text or a number of the question (a pseudonym, an id, a
 * version) that the entry repeats, or any entry of a list, or what it wraps, must be the same there. Otherwise whoever answers would choose what is signed next,
 * and by which of a wallet's pseudonyms.
 *
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertAnswersQuestion(question: unknown, answer: unknown): void {
  const asked = Object.entries(isObject(question) ? question : {}).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  if (!isObject(answer)) return;
  const items: unknown = answer['items'];
  const entries: readonly unknown[] = Array.isArray(items) ? items : [answer];
  for (const entry of entries.filter(isObject))
    for (const [field, value] of asked)
      if (saidOf(entry, field).some((said) => said !== value)) throw new DomainError('ANSWER_DIFFERS', undefined, { field });
}

/** What an entry says of a field; where it only wraps what was asked about, what that says. */
function saidOf(entry: Readonly<Record<string, unknown>>, field: string): readonly unknown[] {
  const holders = field in entry ? [entry] : Object.values(entry).filter(isObject);
  return holders.filter((each) => field in each).map((each) => each[field]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
