import { ActingLedger, type MemberNodeClient, type RequestSigner } from '@lianyi/client';
import {
  newRequest,
  type OutcomeOf,
  type Output,
  perform,
  type Proof,
  type Request,
  type TransactionEntry,
  type Transient,
} from '@lianyi/domain';
import { type Scenario, type StaffMember } from './scenario';

/** Who signed a request, or signs it now; and its private value. */
export interface CarryOptions<Entry extends TransactionEntry> {
  readonly sign?: RequestSigner;
  readonly proof?: Proof;
  readonly transient?: Transient<Entry>;
}

/** What has somebody's own node carry what they sign, once its peer has every block so far. */
export function carryingFor(scenario: () => Pick<Scenario, 'catchUp'>) {
  return async <Entry extends TransactionEntry>(who: StaffMember, entry: Entry, input: NoInfer<Request<Entry>>): Promise<Output<Entry>> => {
    await scenario().catchUp(who.hospital);
    return (await carry(who.client, entry, input, { sign: who.sign })).result;
  };
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
