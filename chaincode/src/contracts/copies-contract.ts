import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What became of what was released. */
@Info({ title: 'CopyContract', description: 'What became of what was released.' })
export class CopyContract extends LedgerContract implements ContractOf<'CopyContract'> {
  constructor() {
    super('CopyContract');
  }

  @Transaction()
  AnswerForCopy(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AnswerForCopy', request);
  }

  @Transaction()
  DiscloseOnward(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DiscloseOnward', request);
  }

  @Transaction(false)
  ListCopies(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListCopies', request);
  }

  @Transaction(false)
  ListCopiesHeld(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListCopiesHeld', request);
  }
}
