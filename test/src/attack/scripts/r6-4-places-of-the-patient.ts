import { DomainError, hashOfKey, type PseudonymEntry } from '@lianyi/domain';
import { withGrantee } from '@lianyi/domain/deciding';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { type Attack, type AttackOutcome } from '../attack';

const MOST = 10_000;
const prohibition = [{ effect: 'deny' }] as const;
const permission = [{ effect: 'permit' }] as const;

/** A pseudonym for which somebody has granted until they are refused. */
function filledByOthers(entry: PseudonymEntry, provisions: Parameters<typeof withGrantee>[1]): PseudonymEntry {
  let filled = entry;
  try {
    for (let count = 0; count < MOST; count += 1) filled = withGrantee(filled, provisions, false);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  return filled;
}

/** Whoever acts for the patient forbids somebody else each time, until no more are taken. Then the patient permits somebody new. */
function run(): Promise<AttackOutcome> {
  const entry = { nextKeyHash: hashOfKey(publicKeyOf(newPrivateKey())), state: 'active' } as PseudonymEntry; // what is counted is not there yet
  const filled = filledByOthers(filledByOthers(entry, permission), prohibition);
  try {
    withGrantee(filled, permission, true);
    return Promise.resolve({ succeeded: false, seen: `beside ${filled.grantees ?? 0} of others the patient permits somebody new` });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Promise.resolve({
      succeeded: true,
      seen: `after ${filled.grantees ?? 0} of others the patient is answered ${error.code}, for ever`,
    });
  }
}

export const placesOfThePatient: Attack = {
  id: 'R6-4',
  title: 'whoever acts for a patient takes all places for permits with prohibitions, and the patient opens nothing to anybody new',
  defences: [
    {
      file: 'domain/src/consent/grant.ts',
      name: 'withGrantee',
      body: [
        'const { grantees: all = 0 } = entry;',
        "const most = provisions.every(({ effect }) => effect === 'deny') ? MOST_GRANTEES.inAll : MOST_GRANTEES.permitted;",
        'const limit = isPatient ? most : most * SHARE_OF_OTHERS;',
        "if (all >= limit) throw new DomainError('LIMIT_REACHED', undefined, { entity: 'grant', limit });",
        'return { ...entry, grantees: all + 1 };',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
