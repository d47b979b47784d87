import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { anchorRecord } from '../transactions/record/anchor-record';
import { amendRecord, retractRecord } from '../transactions/record/change-record';
import { getRecord, getRecordVersion, listRecords } from '../transactions/record/read-records';
import { LedgerContract } from './ledger-contract';

/** Which records exist: commitments, coarse labels, places; never contents. */
@Info({ title: 'RecordContract', description: 'Which records exist: commitments, coarse labels, places; never contents.' })
export class RecordContract extends LedgerContract {
  constructor() {
    super('RecordContract');
  }

  @Transaction()
  AnchorRecord(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.AnchorRecord, request, anchorRecord);
  }

  @Transaction()
  AmendRecord(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.AmendRecord, request, amendRecord);
  }

  @Transaction()
  RetractRecord(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RetractRecord, request, retractRecord);
  }

  @Transaction(false)
  GetRecord(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetRecord, request, getRecord);
  }

  @Transaction(false)
  GetRecordVersion(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetRecordVersion, request, getRecordVersion);
  }

  @Transaction(false)
  ListRecords(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListRecords, request, listRecords);
  }
}
