import { assertOwnId, type Input, type MedicalRecord, type Output, recordIdOf, type transactions, versionOf } from '@lianyi/domain';
import { assertMayPublish, checkReceipts } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { authorOf } from './author-of';
import { claimOfVersion } from './claim-of-version';
import { assertIsShownAsAgreed } from './shown-as-agreed';

type Entry = typeof transactions.AnchorRecord;

/**
 * Anchors a sealed record of a patient who stands in an active relationship with the caller's hospital, its custodian from now on. Its id is
 * derived from the hospital and the patient: who endorses it first cannot take it.
 */
export async function AnchorRecord(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { ledger } = scope;
  const { pseudonym, recordId, nonce, ...content } = input;
  assertOwnId(recordId, recordIdOf({ mspId, pseudonym, nonce }));
  const [existing, relationship, claim] = await Promise.all([
    ledger.records.find(pseudonym, recordId),
    ledger.relationships.find(pseudonym, mspId),
    claimOfVersion(scope, { pseudonym, recordId, version: 1 }, content),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const author = await authorOf(scope, content, { mspId, pseudonym, versionHash: claim.versionHash });
  assertMayPublish(relationship, input.class, author);
  await assertIsShownAsAgreed(scope, content);
  checkReceipts(claim);
  const record: MedicalRecord = {
    schemaVersion: 1,
    pseudonym,
    recordId,
    version: 1,
    state: 'current',
    custodianMspId: mspId,
    authorMspId: mspId,
    ...content,
    anchoredAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await Promise.all([ledger.records.insert(record), ledger.recordVersions.insert(versionOf(record, 'anchor', record.origin))]);
  recordEvent(scope, { name: 'RecordAnchored', pseudonym, recordId, version: 1 }, { recordIds: [recordId] });
  return answerOf(record);
}

function answerOf({ recordId, version, state }: MedicalRecord): Output<Entry> {
  return { recordId, version, state };
}
