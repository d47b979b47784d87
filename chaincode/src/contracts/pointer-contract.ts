import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Data that stay with their custodian: what may be asked of it, and by what the answer is known. */
@Info({
  title: 'PointerContract',
  description: 'Data that stay with their custodian: what may be asked of it, and by what the answer is known.',
})
export class PointerContract extends LedgerContract implements ContractOf<'PointerContract'> {
  constructor() {
    super('PointerContract');
  }

  @Transaction()
  ProposeQueryTemplate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeQueryTemplate', request);
  }

  @Transaction()
  ApproveQueryTemplate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ApproveQueryTemplate', request);
  }

  @Transaction()
  RetireQueryTemplate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RetireQueryTemplate', request);
  }

  @Transaction(false)
  GetQueryTemplate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetQueryTemplate', request);
  }

  @Transaction(false)
  ListQueryTemplates(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListQueryTemplates', request);
  }

  @Transaction()
  PutPointerQuery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutPointerQuery', request);
  }

  @Transaction(false)
  GetPointerQuery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPointerQuery', request);
  }

  @Transaction()
  PurgePointerQuery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PurgePointerQuery', request);
  }

  @Transaction()
  AddPointer(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AddPointer', request);
  }

  @Transaction()
  UpdatePointer(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'UpdatePointer', request);
  }

  @Transaction()
  RetirePointer(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RetirePointer', request);
  }

  @Transaction(false)
  GetPointer(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPointer', request);
  }

  @Transaction(false)
  GetPointerVersion(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPointerVersion', request);
  }

  @Transaction(false)
  ListPointers(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListPointers', request);
  }
}
