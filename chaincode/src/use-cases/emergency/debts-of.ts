import { type Emergency, type EmergencyDebt } from '@lianyi/domain';
import { debtorsOf } from '@lianyi/domain/deciding';
import { type WriteScope } from '../scope';

type Debts = { readonly person: EmergencyDebt | undefined; readonly department: EmergencyDebt | undefined };

/** What of a person and of their department waits for its review. */
export async function debtsOf({ ledger }: Pick<WriteScope, 'ledger'>, asker: Emergency['asker']): Promise<Debts> {
  const debtors = debtorsOf(asker);
  const find = ({ kind, mspId, name }: EmergencyDebt['debtor']): Promise<EmergencyDebt | undefined> =>
    ledger.emergencyDebts.find(kind, mspId, name);
  const [person, department] = await Promise.all([find(debtors.person), find(debtors.department)]);
  return { person, department };
}
