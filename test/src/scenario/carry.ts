import { ActingLedger, type MemberNodeClient, type RequestSigner } from '@lianyi/client';
import { newRequest, type OutcomeOf, perform, type Proof, type Request, type TransactionEntry, type Transient } from '@lianyi/domain';

/** Who signed a request, or signs it now; and its private value. */
export interface CarryOptions<Entry extends TransactionEntry> {
  readonly sign?: RequestSigner;
  readonly proof?: Proof;
  readonly transient?: Transient<Entry>;
}

/** Has a member node carry a request. */
export function carry<Entry extends TransactionEntry>(
  { ledger }: Pick<MemberNodeClient, 'ledger'>,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
  { sign, ...signed }: CarryOptions<Entry> = {},
): Promise<OutcomeOf<Entry>> {
  const acting = sign === undefined ? ledger : new ActingLedger(ledger, sign);
  return perform(acting, newRequest(entry, input, signed));
}
