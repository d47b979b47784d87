import { approverOf } from '../../governance/approvals';
import { type AccessFacts, type KnownQuestion } from '../question';
import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/**
 * Denies what is otherwise permitted where the members have set that the record's hospital has to approve its level, too, and it has not
 * (ADR 0062). It opens nothing: without the patient's permission nobody is told whether there is an approval.
 */
export const approvals: PolicySource = {
  needs: ({ actor: { mspId, actorTag } }) => [
    { kind: 'parameter', name: 'level-approvers' },
    { kind: 'approval', mspId, actorTag },
  ],
  judge: ofKnownRecord((question, facts) => {
    if (approverOf(facts.levelApprovers, question.record.dataLevel) === 'none') return SILENT;
    const { approval } = facts;
    return approval !== undefined && covers(approval, question)
      ? { ends: [{ at: approval.until }] }
      : { unapproved: ['CUSTODIAN_APPROVAL_MISSING'] };
  }),
};

function covers({ state, levels, until }: NonNullable<AccessFacts['approval']>, { at, record }: KnownQuestion): boolean {
  return state === 'given' && levels.includes(record.dataLevel) && at < until;
}
