import { type Provision } from '../../consent/entities';
import { coversApartFromTime, shortfallsOf } from '../provision';
import { type GrantFacts } from '../question';
import { active, deniableGranteesOf, deniableGrantKeysOf, grantsOf } from './grantees';
import { ofKnownRecord, type PolicySource, type ProvisionOrigin } from './policy-source';

/** Denies what the patient has forbidden to the person, by whatever they are; a prohibition that has yet to begin ends a permit when it begins. */
export const prohibitions: PolicySource = {
  needs: deniableGrantKeysOf,
  judge: ofKnownRecord((question, facts) => {
    const forbidding = active(grantsOf(deniableGranteesOf(question.actor), facts)).flatMap(prohibitionsOf);
    const covering = forbidding.filter(({ provision }) => shortfallsOf(provision, question).length === 0);
    const coming = forbidding.filter(({ provision }) => provision.validFrom > question.at && coversApartFromTime(provision, question));
    return {
      denials: covering.length > 0 ? ['DENIED_BY_PROVISION'] : [],
      forbiddenBy: covering.map(({ origin }) => origin),
      ends: coming.map(({ provision, origin }) => ({ ...origin, at: provision.validFrom })),
    };
  }),
};

type Prohibition = { readonly provision: Provision; readonly origin: ProvisionOrigin };

function prohibitionsOf({ grantee, version, provisions }: GrantFacts): readonly Prohibition[] {
  return provisions
    .filter(({ effect }) => effect === 'deny')
    .map((provision) => ({ provision, origin: { provisionId: provision.provisionId, grantVersion: { grantee, version } } }));
}
