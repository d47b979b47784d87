import { coversApartFromTime, shortfallsOf } from '../provision';
import { active, deniableGranteesOf, deniableGrantKeysOf, grantsOf } from './grantees';
import { ofKnownRecord, type PolicySource } from './policy-source';

/** Denies what the patient has forbidden to the person, by whatever they are; a prohibition that has yet to begin ends a permit when it begins. */
export const prohibitions: PolicySource = {
  needs: deniableGrantKeysOf,
  judge: ofKnownRecord((question, facts) => {
    const forbidding = active(grantsOf(deniableGranteesOf(question.actor), facts))
      .flatMap(({ provisions }) => provisions)
      .filter(({ effect }) => effect === 'deny');
    const isForbidden = forbidding.some((provision) => shortfallsOf(provision, question).length === 0);
    return {
      denials: isForbidden ? ['DENIED_BY_PROVISION'] : [],
      ends: forbidding
        .filter((provision) => provision.validFrom > question.at && coversApartFromTime(provision, question))
        .map(({ validFrom }) => validFrom),
    };
  }),
};
