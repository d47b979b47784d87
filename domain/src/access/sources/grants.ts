import { type CopyTerms, type PermitProvision } from '../../consent/entities';
import { type ProvisionId } from '../../ids';
import { shortfallsOf } from '../provision';
import { type DenyReason } from '../../errors/table';
import { type GrantFacts, type KnownQuestion } from '../question';
import { active, dutyAs, granteesOf, grantKeysOf, grantsOf } from './grantees';
import { ofKnownRecord, type PermitBasis, type PolicySource, type ProvisionOrigin } from './policy-source';

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
    const revoked = own.filter(({ state }) => state === 'revoked').map(({ grantee, version }) => ({ grantee, version }));
    return {
      addressed: own.length > 0,
      permits: attempts.filter(({ lacks }) => lacks.length === 0).map(({ basis }) => basis),
      // also of what has no use left: asked again, when no use is counted, the same must be said
      obligations: attempts.filter(({ lacks }) => lacks.every((reason) => reason === 'USES_EXHAUSTED')).map(({ copy }) => copy),
      shortfalls: attempts
        .filter(({ lacks }) => lacks.length > 0)
        .map(({ basis: { provisionId, grantVersion }, lacks }) => ({ provisionId, grantVersion, lacks })),
      remarks: revoked.length > 0 ? ['POLICY_REVOKED'] : [],
      revoked,
    };
  }),
};

function permissionsOf({ provisions }: GrantFacts): readonly PermitProvision[] {
  return provisions.filter((provision) => provision.effect === 'permit');
}

type Attempt = {
  readonly basis: PermitBasis & Required<ProvisionOrigin>;
  readonly lacks: readonly DenyReason[];
  readonly copy: CopyTerms;
};

/** A group is permitted through whoever of it is on duty, and no longer than they are; and what is good for so many permits, for no more. */
function attemptOf(grant: GrantFacts, provision: PermitProvision, question: KnownQuestion): Attempt {
  const { grantee, version } = grant;
  const { provisionId, validUntil } = provision;
  const { isOn, until } = dutyAs(grantee, question.actor, question.at);
  const uses = question.again === true ? undefined : provision.uses;
  const basis = {
    provisionId,
    grantVersion: { grantee, version },
    until: until !== undefined && until < validUntil ? until : validUntil,
    ...(uses === undefined ? {} : { use: { grantee, version, provisionId } }),
  };
  const lacks = [
    ...shortfallsOf(provision, question),
    ...(isOn ? [] : (['GROUP_OFF_DUTY'] as const)),
    ...(uses === undefined || takenOf(grant, provisionId) < uses ? [] : (['USES_EXHAUSTED'] as const)),
  ];
  return { basis, lacks, copy: copyTermsOf(provision) };
}

/** What a permission says of copies; one that says nothing lets them be kept, and not handed on. */
function copyTermsOf({ handling = 'store', eraseAt, onward }: PermitProvision): CopyTerms {
  return { handling, ...(eraseAt === undefined ? {} : { eraseAt }), ...(onward === undefined ? {} : { onward }) };
}

/** How many uses of a provision have been taken. */
function takenOf({ taken = [] }: GrantFacts, provisionId: ProvisionId): number {
  return taken.find((each) => each.provisionId === provisionId)?.count ?? 0;
}
