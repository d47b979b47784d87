import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Which records exist: commitments, coarse labels, places; never contents. */
@Info({ title: 'RecordContract', description: 'Which records exist: commitments, coarse labels, places; never contents.' })
export class RecordContract extends LedgerContract implements ContractOf<'RecordContract'> {
  constructor() {
    super('RecordContract');
  }

  @Transaction()
  AnchorRecord(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AnchorRecord', request);
  }

  @Transaction()
  AmendRecord(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AmendRecord', request);
  }

  @Transaction()
  RetractRecord(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RetractRecord', request);
  }

  @Transaction(false)
  GetRecord(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetRecord', request);
  }

  @Transaction(false)
  GetRecordVersion(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetRecordVersion', request);
  }

  @Transaction(false)
  ListRecords(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListRecords', request);
  }
}
