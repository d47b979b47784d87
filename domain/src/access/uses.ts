import { type Grant, type GrantUses } from '../consent/entities';
import { canonicalJson } from '../encoding/canonical-json';
import { type Pseudonym } from '../ids';
import { type GrantVersion, type ProvisionUse } from './decision';
import { type GrantFacts } from './question';

// Some permissions are good for so many permits (ADR 0057). What has been taken stands on the ledger beside the grant, for one version of it:
// what the patient says anew is good for as many as they say anew.

/** Whether a grant has a permission that is good for so many permits and no more. */
export function isCounted({ state, provisions }: Pick<Grant, 'state' | 'provisions'>): boolean {
  return state === 'active' && provisions.some((provision) => provision.effect === 'permit' && provision.uses !== undefined);
}

/** A grant with what has been taken of its uses under this version of it. */
export function withUses<Of extends GrantVersion>(grant: Of, uses: GrantUses | undefined): Of & Pick<GrantFacts, 'taken'> {
  return uses === undefined || uses.version !== grant.version ? grant : { ...grant, taken: uses.taken };
}

/** A grant with more of its uses taken, as far as they are of this version of it. */
export function withTaken<Of extends GrantVersion & Pick<GrantFacts, 'taken'>>(grant: Of, uses: readonly ProvisionUse[]): Of {
  const own = uses.filter((use) => isUseOf(grant, use));
  return own.length === 0 ? grant : { ...grant, taken: own.reduce(oneMore, grant.taken ?? []) };
}

/** What the ledger keeps of a grant once these uses are taken, of which some are of this grant. */
export function usesAfter(
  pseudonym: Pseudonym,
  { grantee, version, taken = [] }: Pick<GrantFacts, 'grantee' | 'version' | 'taken'>,
  uses: readonly ProvisionUse[],
): GrantUses {
  const after = withTaken({ grantee, version, taken }, uses);
  return { schemaVersion: 1, pseudonym, grantee, version, taken: [...after.taken] };
}

/** Whether a use is of this version of a grant. */
export function isUseOf(grant: GrantVersion, use: ProvisionUse): boolean {
  return spelled(grant) === spelled(use);
}

function spelled({ grantee: { kind, mspId, name }, version }: GrantVersion): string {
  return canonicalJson({ kind, mspId, name, version });
}

/** In the order of the provisions' ids, so that the same uses are the same bytes. */
function oneMore(taken: GrantUses['taken'], { provisionId }: ProvisionUse): GrantUses['taken'] {
  const before = taken.find((each) => each.provisionId === provisionId)?.count ?? 0;
  const others = taken.filter((each) => each.provisionId !== provisionId);
  return [...others, { provisionId, count: before + 1 }].sort((one, other) => (one.provisionId < other.provisionId ? -1 : 1));
}
