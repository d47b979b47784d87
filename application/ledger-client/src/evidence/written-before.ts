import { consentArea, type Pseudonym } from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { entryAt } from './composite-key';
import { type WrittenBeforeFact } from './patient-facts';
import { isOfApproval } from './written-approval';
import { isOfCapacity } from './written-capacity';
import { isOfCorrection, isOfCorrectionAnswer } from './written-correction';
import { isOfDelegation } from './written-delegation';
import { isOfEmergencyChoice } from './written-emergency';
import { isOfPointer } from './written-pointer';
import { isOfRecord } from './written-record';
import { isOfRecovery } from './written-recovery';
import { isOfRelationship } from './written-relationship';

/**
 * The kinds of entries under a pseudonym that are held against somebody's word. Not among them are the pseudonym's own entry, which the
 * registration writes, and lines of an audit, which the chaincode writes of whatever is asked for.
 */
const kinds: readonly ((objectType: string | undefined) => boolean)[] = [
  ...[isOfCorrection, isOfCorrectionAnswer],
  ...[isOfApproval, isOfCapacity, isOfDelegation, isOfEmergencyChoice, isOfPointer, isOfRecord, isOfRecovery, isOfRelationship],
  (objectType) => objectType === consentArea.entities.grants.objectType,
];

function isHeldAgainstAWord(objectType: string | undefined): boolean {
  return kinds.some((isOf) => isOf(objectType));
}

/**
 * What a write says under a pseudonym that is not followed: nobody can tell yet whose it will be. The chaincode writes no such entry before the
 * registration, and where none is, it may take that for leave.
 */
export function writtenBeforeFacts(objectType: string | undefined, pseudonym: Pseudonym): readonly WrittenBeforeFact[] {
  return isHeldAgainstAWord(objectType) ? [{ kind: 'writtenBefore', pseudonym }] : [];
}

/** Whether something of these kinds is written under a pseudonym. */
export function isWrittenUnder(pseudonym: Pseudonym, writes: readonly BlockWrite[]): boolean {
  return writes.some(({ key }) => {
    const { objectType, parts = [] } = entryAt(key) ?? {};
    return parts[0] === pseudonym && isHeldAgainstAWord(objectType);
  });
}
