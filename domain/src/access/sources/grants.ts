import { type PermitProvision } from '../../consent/entities';
import { shortfallsOf } from '../provision';
import { type DenyReason } from '../../errors/table';
import { type GrantFacts, type KnownQuestion } from '../question';
import { active, dutyAs, granteesOf, grantKeysOf, grantsOf } from './grantees';
import { ofKnownRecord, type PermitBasis, type PolicySource } from './policy-source';

/**
 * Permits what the patient has granted.
 *
 * A revoked grant takes away what it gave and what it forbade; the default policy is untouched by it: a patient who wants to close
 * that too grants a deny.
 */
export const grants: PolicySource = {
  needs: grantKeysOf,
  judge: ofKnownRecord((question, facts) => {
    const own = grantsOf(granteesOf(question.actor), facts);
    const attempts = active(own)
      .flatMap((grant) => permissionsOf(grant).map((provision) => ({ grant, provision })))
      .map(({ grant, provision }) => attemptOf(grant, provision, question));
    return {
      addressed: own.length > 0,
      permits: attempts.filter(({ lacks }) => lacks.length === 0).map(({ basis }) => basis),
      shortfalls: attempts.map(({ lacks }) => lacks).filter((lacks) => lacks.length > 0),
      remarks: own.some(({ state }) => state === 'revoked') ? ['POLICY_REVOKED'] : [],
    };
  }),
};

function permissionsOf({ provisions }: GrantFacts): readonly PermitProvision[] {
  return provisions.filter((provision) => provision.effect === 'permit');
}

type Attempt = { readonly basis: PermitBasis; readonly lacks: readonly DenyReason[] };

/** A group is permitted through whoever of it is on duty, and no longer than they are. */
function attemptOf({ grantee, version }: GrantFacts, provision: PermitProvision, question: KnownQuestion): Attempt {
  const { provisionId, validUntil } = provision;
  const { isOn, until } = dutyAs(grantee, question.actor, question.at);
  const basis = { provisionId, grantVersion: { grantee, version }, until: until !== undefined && until < validUntil ? until : validUntil };
  return { basis, lacks: [...shortfallsOf(provision, question), ...(isOn ? [] : (['GROUP_OFF_DUTY'] as const))] };
}
