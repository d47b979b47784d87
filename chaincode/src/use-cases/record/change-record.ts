import {
  amendRecord,
  DomainError,
  type EventName,
  type Input,
  isFrom,
  type MedicalRecord,
  type Output,
  type RecordVersion,
  retractRecord,
  type transactions,
  versionOf,
} from '@lianyi/domain';
import { assertMayPublish, checkReceipts } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff } from '../standing';
import { authorOf } from './author-of';
import { claimOfVersion } from './claim-of-version';
import { assertIsShownAsAgreed } from './shown-as-agreed';

type Amend = typeof transactions.AmendRecord;
type Retract = typeof transactions.RetractRecord;

/** Writes the next version of a record of the caller's hospital; the versions before it stay. */
export async function AmendRecord(scope: WriteScope, input: Input<Amend>): Promise<Output<Amend>> {
  const { pseudonym, previousVersion, operation, ...content } = input;
  const [present, relationship, claim] = await Promise.all([
    recordOf(scope, input),
    scope.ledger.relationships.find(pseudonym, asStaff(scope.actor).mspId),
    claimOfVersion(scope, { pseudonym, recordId: input.recordId, version: previousVersion + 1 }, content),
  ]);
  if (present.isReplay) {
    return answerOf(present.record);
  }
  const { custodianMspId: mspId } = present.record;
  const author = await authorOf(scope, content, { mspId, pseudonym, versionHash: claim.versionHash });
  assertMayPublish(relationship, content.class, author);
  const record = amendRecord(present.record, previousVersion, content, scope.now);
  await assertIsShownAsAgreed(scope, content);
  checkReceipts(claim);
  return commit(scope, record, operation, 'RecordAmended');
}

/** Retracts a record of the caller's hospital; from then on no request of others than its patient is permitted. */
export async function RetractRecord(scope: WriteScope, input: Input<Retract>): Promise<Output<Retract>> {
  const present = await recordOf(scope, input);
  if (present.isReplay) {
    return answerOf(present.record);
  }
  return commit(scope, retractRecord(present.record, input.previousVersion, input.reason, scope.now), 'retract', 'RecordRetracted');
}

type Place = Pick<Input<Retract>, 'pseudonym' | 'recordId' | 'previousVersion'>;

/** The record to change, and whether this very request has made the next version already. */
async function recordOf(scope: WriteScope, place: Place): Promise<{ record: MedicalRecord; isReplay: boolean }> {
  const { records, recordVersions } = scope.ledger;
  const [record, next] = await Promise.all([
    records.get(place.pseudonym, place.recordId),
    recordVersions.find(place.pseudonym, place.recordId, place.previousVersion + 1),
  ]);
  if (record.custodianMspId !== asStaff(scope.actor).mspId) {
    throw new DomainError('NOT_PERMITTED', 'the record is kept by another hospital');
  }
  return { record, isReplay: next !== undefined && isFrom(next.origin, scope.requestHash, scope.actor) };
}

async function commit(
  scope: WriteScope,
  record: MedicalRecord,
  operation: RecordVersion['operation'],
  name: Extract<EventName, 'RecordAmended' | 'RecordRetracted'>,
): Promise<Output<Amend>> {
  const { pseudonym, recordId, version } = record;
  const { records, recordVersions } = scope.ledger;
  await Promise.all([records.replace(record), recordVersions.insert(versionOf(record, operation, originOf(scope)))]);
  recordEvent(scope, { name, pseudonym, recordId, version }, { recordIds: [recordId] });
  return answerOf(record);
}

/** To a repeated request the record as it is now, whatever has followed the version that the request made. */
function answerOf({ recordId, version, state }: MedicalRecord): Output<Amend> {
  return { recordId, version, state };
}
