import { DomainError, newRequest, transactions } from '@lianyi/domain';
import { type CommandCall } from './call';
import { type LedgerSession } from './ledger/session';
import { line } from './outcome';
import { sendRequest } from './transact';

/** What is told besides a transaction's answer is told to programs, whether it is sent or not. */

const request = newRequest(transactions.GetCard, { cardId: 'card-1' });
const found = { state: 'active' };
const session = {
  ledger: { evaluate: () => Promise.resolve(found), submit: () => Promise.reject(new DomainError('NOT_FOUND')) },
  unsent: () => Promise.resolve({ to: 'here', request }),
} as unknown as LedgerSession;

describe('what is sent, or would be', () => {
  it.each([false, true])('tells programs what the command tells besides it (dry run: %s)', async (dryRun) => {
    const options = { options: { dryRun } };
    const call = options as unknown as CommandCall; // what is looked at in it
    const { data } = await sendRequest(call, session, request, () => [line('')], { left: ['person:HospitalCMSP:dr-ex'] });
    expect(data).toMatchObject({ left: ['person:HospitalCMSP:dr-ex'] });
  });
});
