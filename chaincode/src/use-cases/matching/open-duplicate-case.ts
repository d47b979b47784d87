import { assertOwnId, duplicateCaseIdOf, type Input, type Output, type transactions } from '@lianyi/domain';
import { openDuplicateCase } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Open = typeof transactions.OpenDuplicateCase;

/** Opens a case with another hospital. No pseudonym is looked up: what a transaction reads of the public state stands in its block. */
export async function OpenDuplicateCase(scope: WriteScope, input: Input<Open>): Promise<Output<Open>> {
  const { mspId: openerMspId } = asStaff(scope.actor);
  const { caseId, nonce, partnerMspId, sealed } = input;
  assertOwnId(caseId, duplicateCaseIdOf({ mspId: openerMspId, partnerMspId, nonce }));
  const { duplicateCases, duplicateCasesOf } = scope.ledger;
  const repeated = madeBefore(scope, await duplicateCases.find(caseId));
  if (repeated !== undefined) return { caseId, state: repeated.state };
  const duplicate = openDuplicateCase({ caseId, openerMspId, partnerMspId, sealed }, scope.now, originOf(scope));
  await duplicateCases.insert(duplicate);
  for (const mspId of [openerMspId, partnerMspId]) await duplicateCasesOf.insert({ schemaVersion: 1, mspId, caseId });
  recordEventUnaudited(scope, { name: 'DuplicateCaseOpened', caseId, openerMspId, partnerMspId });
  return { caseId, state: duplicate.state };
}
