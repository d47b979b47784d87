import {
  type AccessEvent,
  addMilliseconds,
  type Instant,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  Unavailable,
} from '@lianyi/domain';
import { NOW } from './ledger-of-one.fixture';

export const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => mspIdSchema.parse(mspId)) as [MspId, MspId];
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const at = (millis: number): Instant => addMilliseconds(NOW, millis);

const staff = { kind: 'staff', mspId: A, actorTag: 'tag' };
const origin = { actor: staff };

let members = 0;
/** A member that tells of audits and relationships what it has, and what it was made to submit. */
export class Member {
  readonly name = `member-${(members += 1)}`;
  lines: AccessEvent[] = [];
  readonly states = new Map<string, string>();
  recoveries: readonly { readonly openedAt: Instant; readonly state: string; readonly caseId: string; readonly origin?: object }[] = [];
  delegations: readonly object[] = [];
  /** Who is said to have proposed its relationships. */
  proposer: object = staff;
  /** Refuses questions of this name. */
  silentOn: string | undefined;
  failure: Error | undefined;
  pages = 0;
  /** What it tells instead of what it has, whatever it is asked. */
  lie:
    | ((asked: { readonly after?: string }) => {
        readonly items: readonly AccessEvent[];
        readonly next?: string;
        readonly unreadable?: number;
      })
    | undefined;
  /** Which pseudonyms have signed what it was asked. */
  readonly signers = new Set<string>();
  readonly submitted: { readonly name: string; readonly input: unknown }[] = [];
  readonly node = {
    evaluate: (request: SignedRequest<TransactionEntry>) =>
      this.failure === undefined ? Promise.resolve().then(() => this.#answer(request)) : Promise.reject(this.failure),
    submit: ({ entry: { name }, input }: SignedRequest<TransactionEntry>) => {
      this.submitted.push({ name, input });
      const { pseudonym, mspId } = input as { readonly pseudonym: string; readonly mspId: string };
      this.states.set(`${pseudonym} ${mspId}`, 'active');
      return Promise.resolve({ result: { state: 'active' }, transactionId: 'tx' });
    },
  } as unknown as Ledger; // as much of a ledger as an inbox asks

  #answer({ entry, input, proof }: SignedRequest<TransactionEntry>): unknown {
    const asked = input as { readonly pseudonym: Pseudonym; readonly mspId: string; readonly limit: number; readonly after?: string };
    if (proof?.kind === 'patient') this.signers.add(proof.statement.pseudonym);
    if (proof?.kind !== 'patient' || proof.statement.pseudonym !== asked.pseudonym) throw new Refused('NOT_PERMITTED', 'no', {});
    if (entry.name === this.silentOn) throw new Unavailable('down');
    if (entry.name === 'ListRecoveries')
      return { items: this.recoveries.map((each) => ({ coolingOffUntil: at(60 * MINUTE), origin, ...each })) };
    if (entry.name === 'ListDelegations') return { items: this.delegations.map((each) => ({ origin, ...each })) };
    if (entry.name === 'GetRelationship') {
      const state = this.states.get(`${asked.pseudonym} ${asked.mspId}`);
      if (state === undefined) throw new Refused('NOT_FOUND', 'none', {});
      const proposed = this.lines.findLast(({ event, pseudonym }) => event === 'RelationshipProposed' && pseudonym === asked.pseudonym);
      return { state, proposedAt: proposed?.at ?? NOW, origin: { actor: this.proposer } };
    }
    this.pages += 1;
    if (this.lie !== undefined) return this.lie(asked);
    const all = this.lines.filter(({ pseudonym }) => pseudonym === asked.pseudonym).sort((one, other) => (one.at < other.at ? 1 : -1));
    const from = Number(asked.after ?? 0);
    const next = from + asked.limit;
    return { items: all.slice(from, next), ...(next < all.length ? { next: String(next) } : {}) };
  }
}

let count = 0;
export function lineOf(pseudonym: Pseudonym, event: AccessEvent['event'], when: Instant, more: Partial<AccessEvent> = {}): AccessEvent {
  const actor = staff as AccessEvent['actor'];
  return { schemaVersion: 1, pseudonym, at: when, txId: `tx-${(count += 1)}`, n: 0, event, actor, ...more };
}
