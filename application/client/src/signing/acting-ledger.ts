import {
  type Instant,
  instantOf,
  type Ledger,
  type Output,
  type OutcomeOf,
  type Proof,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { signStaffRequest, type StaffSigner } from './sign-request';

/** Signs the input of a transaction, or of an operation that is signed for like one. */
export type RequestSigner = (transaction: { readonly contract: string; readonly name: string }, input: unknown) => Proof | Promise<Proof>;

/** The ledger as one actor has it: what has no proof is signed, what has one is handed on as it is. */
export class ActingLedger implements Ledger {
  constructor(
    private readonly next: Ledger,
    private readonly sign: RequestSigner,
  ) {}

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    return this.next.evaluate(await this.signed(request));
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    return this.next.submit(await this.signed(request));
  }

  /** Signs a request and sends nothing. */
  async signed<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<SignedRequest<Entry>> {
    if (request.proof !== undefined) return request;
    return { ...request, proof: await this.sign(request.entry, request.input) };
  }
}

/** Signs as a member of staff with a key in memory. */
export function staffProofs(signer: StaffSigner, now: () => Instant = () => instantOf(Date.now())): RequestSigner {
  return (transaction, input) => signStaffRequest(signer, { transaction, input }, now());
}
