import { type Grant } from '@lianyi/domain';
import { type WriteScope } from '../scope';

/** What the patient had said before stays readable: a decision names the version that it rests on. */
export async function replaceGrant(ledger: WriteScope['ledger'], present: Grant, next: Grant): Promise<void> {
  await ledger.grants.replace(next);
  // whatever others may have put there takes no patient's word away; that nobody else writes this version, the grant's own entry sees to
  ledger.replacedGrants.append(present);
}
