import { mayClaimPurpose } from '../../directory/roles';
import { type PolicySource, SILENT } from './policy-source';

/** Refuses a purpose that none of the actor's roles may claim, before anything about the record is said. */
export const purposeGate: PolicySource = {
  needs: () => [],
  judge: ({ actor, purpose }) => (mayClaimPurpose(actor.roles, purpose) ? SILENT : { refusal: 'ROLE_MAY_NOT_CLAIM_PURPOSE' }),
};
