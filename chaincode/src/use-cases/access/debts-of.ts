import { type Emergency, type EmergencyDebt } from '@lianyi/domain';
import { debtorsOf, type EmergencyDebts } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';

/** What of a person and of their department waits for its review. */
export async function debtsOf({ ledger }: Pick<ReadScope, 'ledger'>, asker: Emergency['asker']): Promise<EmergencyDebts> {
  const debtors = debtorsOf(asker);
  const find = ({ kind, mspId, name }: EmergencyDebt['debtor']): Promise<EmergencyDebt | undefined> =>
    ledger.emergencyDebts.find(kind, mspId, name);
  const [person, department] = await Promise.all([find(debtors.person), find(debtors.department)]);
  return { person, department };
}
