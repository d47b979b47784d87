import { assertHospital, directoryArea, leastCoolingOffOf, mspIdSchema, transactions } from '@lianyi/domain';
import { type Asked } from './asked-by-staff';
import { type KnownMembers, type OrganisationFact } from './member-facts';
import { attempt } from './strangers-json';

const { objectType } = directoryArea.entities.organisations;

/** Whether a key is one of an organisation. */
export function isOfOrganisation(type: string | undefined): boolean {
  return type === objectType;
}

/**
 * Of which kinds an organisation is, and which its encapsulation keys are, as its own administrator has registered it. It is said once: what is written later, by whomever, changes
 * nothing. An organisation that another one is told to be, nobody is (ADR 0041).
 */
export async function organisationFacts(
  [msp]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'kindsOf'>,
): Promise<readonly OrganisationFact[]> {
  const mspId = mspIdSchema.safeParse(msp).data;
  if (mspId === undefined || asked?.mspId !== mspId || asked.entry.name !== transactions.RegisterOrganisation.name) return [];
  if ((await known.kindsOf(mspId)) !== undefined) return [];
  const input = transactions.RegisterOrganisation.request.parse(asked.input);
  const { kinds, encapsulationKeys } = input;
  return [{ kind: 'organisation', mspId, kinds, encapsulationKeys, leastCoolingOffMinutes: leastCoolingOffOf(input) }];
}

/**
 * For how long the old key of an organisation's patients may veto a recovery at least, in minutes, whatever a majority has written.
 * @param first - what the first organisation has stated that registered: it holds for all, so that none of the others lowers it for its patients
 * @param own - what the patients' own has stated: it agreed to no less, also if others were told another time before; undefined if nothing
 */
export function leastCoolingOffBy(first: number | undefined, own: number | undefined): number {
  return Math.max(first ?? leastCoolingOffOf({}), own ?? 0);
}

/** Whether who asks is of a hospital, as the chaincode holds whoever vouches as the second: an insurer's or a laboratory's word is none here. */
export async function isOfHospital({ mspId }: Asked, known: Pick<KnownMembers, 'kindsOf'>): Promise<boolean> {
  const kinds = await known.kindsOf(mspId);
  return (
    kinds !== undefined &&
    attempt(() => {
      assertHospital(kinds);
      return true;
    }) === true
  );
}
