import { isClosedPurpose, mayClaimPurpose } from '../../directory/roles';
import { type PolicySource, SILENT } from './policy-source';

/**
 * Refuses a purpose that no consent opens, and one that none of the actor's roles may claim, before anything about the record is said.
 *
 * The former is told whatever the roles are: it is nobody's, so that no other colleague is worth asking.
 */
export const purposeGate: PolicySource = {
  needs: () => [],
  judge: ({ actor, purpose }) => {
    if (isClosedPurpose(purpose)) return { refusal: 'PURPOSE_NEVER_OPENS' };
    return mayClaimPurpose(actor.roles, purpose) ? SILENT : { refusal: 'ROLE_MAY_NOT_CLAIM_PURPOSE' };
  },
};
