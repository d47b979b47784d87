import { directoryArea, leastCoolingOffOf, mspIdSchema, organisationSchema, transactions } from '@lianyi/domain';
import { assertHospital } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type KnownMembers, type OrganisationFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt } from './strangers-json';
import { isSameIn } from './whole-entry';

const { objectType } = directoryArea.entities.organisations;
/** What others go by who take an organisation from the state. */
const whatCounts = organisationSchema.pick({ mspId: true, status: true, kinds: true, encapsulationKeys: true }).strip();

/** Whether a key is one of an organisation. */
export function isOfOrganisation(type: string | undefined): boolean {
  return type === objectType;
}

/**
 * Of which kinds an organisation is, and which its encapsulation keys are, as its own administrator has registered it. It is said once: what is written later, by whomever, changes
 * nothing here, and is told. An organisation that another one is told to be, nobody is (ADR 0041).
 */
export async function organisationFacts(
  { value }: BlockWrite,
  [msp]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'kindsOf'>,
): Promise<readonly (OrganisationFact | AlarmFact)[]> {
  const mspId = mspIdSchema.safeParse(msp).data;
  if (mspId === undefined) return [{ kind: 'alarm', alarm: 'organisation-without-command' }];
  const isAsked = asked?.mspId === mspId && asked.entry.name === transactions.RegisterOrganisation.name;
  if (!isAsked || (await known.kindsOf(mspId)) !== undefined)
    return [{ kind: 'alarm', alarm: 'organisation-without-command', detail: mspId }];
  const input = transactions.RegisterOrganisation.request.parse(asked.input);
  const { kinds, encapsulationKeys } = input;
  const fact = { kind: 'organisation', mspId, kinds, encapsulationKeys, leastCoolingOffMinutes: leastCoolingOffOf(input) } as const;
  const isAsSaid = isSameIn(whatCounts, value, { mspId, status: 'active', kinds, encapsulationKeys });
  return isAsSaid ? [fact] : [fact, { kind: 'alarm', alarm: 'organisation-not-as-commanded', detail: mspId }];
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
