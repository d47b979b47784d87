import { z } from 'zod';
import { DomainError } from './domain-error';
import { setOf } from './encoding/values';

/** By which right somebody acts for a patient: chosen by the patient, as a parent of a minor, or by a court's decision. */
export const delegationBases = ['proxy', 'parent', 'court'] as const;
export const delegationBasisSchema = z.enum(delegationBases);

/** What a delegation may be about. `view` opens nothing and changes nothing: the patient's audit, consents and list of records. */
export const delegationScopes = ['consents', 'relationships', 'cards', 'view'] as const;
export const delegationScopeSchema = z.enum(delegationScopes);
export const delegationScopesSchema = setOf(delegationScopeSchema, 1, delegationScopes.length);

/** How somebody acts for a patient: by a delegation, or as two staff members for one who has no device. */
export type ActingBasis = DelegationBasis | 'assistance';
export type DelegationBasis = z.output<typeof delegationBasisSchema>;
export type DelegationScope = z.output<typeof delegationScopeSchema>;

/** What somebody may do for a patient. */
export type Powers = { readonly basis: ActingBasis; readonly scopes: readonly DelegationScope[] };

/** Who may act with a transaction for a patient. */
export type DelegatedAct = {
  /** None: it is the patient's alone. */
  readonly bases: readonly ActingBasis[];
  /** Any one of them is enough; none, because it is about the delegate's own key or own delegation. */
  readonly scopes: readonly DelegationScope[];
};

/** Besides those who have a delegation: two of the hospital's staff, for who has no device. */
export const basesAndAssistance = [...delegationBases, 'assistance'] as const;

/**
 * Keeps what the patient has forbidden: whom the patient has chosen lifts no prohibition, and neither does staff.
 *
 * A parent does, because all that is forbidden in a child's name was forbidden by a parent.
 * @param isDenying - whether the consent that would be replaced or ended is in force and denies something
 * @throws {@link DomainError} `BEYOND_DELEGATION`
 */
export function assertKeepsProhibition({ basis }: Pick<Powers, 'basis'>, isDenying: boolean): void {
  if (isDenying && basis !== 'parent') {
    throw new DomainError('BEYOND_DELEGATION', 'the consent forbids something', { basis, needed: 'patient' });
  }
}

/**
 * Keeps what was answered to a hospital: a relationship is accepted or rejected once, and nobody answers again for the patient.
 * @param answer - what the patient, or whoever acts for them, has said of it before
 * @throws {@link DomainError} `BEYOND_DELEGATION`
 */
export function assertKeepsAnswer({ basis }: Pick<Powers, 'basis'>, answer: 'none' | 'accepted' | 'rejected'): void {
  if (answer !== 'none') throw new DomainError('BEYOND_DELEGATION', 'the relationship has its answer', { basis, needed: 'patient' });
}

/**
 * Keeps what was rejected rejected, whoever accepts it: who comes back has another pseudonym.
 * @throws {@link DomainError} `ILLEGAL_STATE`
 */
export function assertNotRejected(answer: 'none' | 'accepted' | 'rejected'): void {
  if (answer === 'rejected') throw new DomainError('ILLEGAL_STATE', undefined, { state: answer, command: 'accept' });
}
