import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { assertConcerns } from '../standing';

type GetRecord = typeof transactions.GetRecord;
type GetRecordVersion = typeof transactions.GetRecordVersion;
type ListRecords = typeof transactions.ListRecords;

/** Hashes, labels and places of a record; whoever knows its two random ids may check a ciphertext against them. */
export function GetRecord(scope: ReadScope, input: Input<GetRecord>): Promise<Output<GetRecord>> {
  return scope.ledger.records.get(input.pseudonym, input.recordId);
}

export function GetRecordVersion(scope: ReadScope, input: Input<GetRecordVersion>): Promise<Output<GetRecordVersion>> {
  return scope.ledger.recordVersions.get(input.pseudonym, input.recordId, input.version);
}

/** Lists the records of a pseudonym, for the patient or the hospital that keeps them. */
export async function ListRecords(scope: ReadScope, input: Input<ListRecords>): Promise<Output<ListRecords>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.records.list([input.pseudonym], input);
}
