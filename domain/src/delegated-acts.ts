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
  readonly bases: readonly ActingBasis[];
  /** Any one of them is enough; left out, it takes none, because it is about the delegate's own key or own delegation. */
  readonly scopes?: readonly DelegationScope[];
};

const everyBasis = delegationBases;
const andAssistance = [...delegationBases, 'assistance'] as const;
const PATIENT_ALONE: DelegatedAct = { bases: [] };

/**
 * Every transaction that a patient may call, and by which right another person may call it for them.
 *
 * Nobody but the patient appoints, ends a relationship for ever or takes a pseudonym over; a chosen proxy does not open again what the
 * patient has closed. A transaction that is missing here is nobody's but the patient's.
 */
export const delegatedActs: Readonly<Record<string, DelegatedAct>> = {
  GrantPolicy: { bases: andAssistance, scopes: ['consents'] },
  AmendPolicy: { bases: everyBasis, scopes: ['consents'] },
  RevokePolicy: { bases: andAssistance, scopes: ['consents'] },
  GetPolicy: { bases: everyBasis, scopes: ['consents', 'view'] },
  ListPolicies: { bases: andAssistance, scopes: ['consents', 'view'] },
  Simulate: { bases: everyBasis, scopes: ['consents', 'view'] },
  CloseTicket: { bases: everyBasis, scopes: ['consents'] },
  ListForPatient: { bases: andAssistance, scopes: ['view'] },
  ListRecords: { bases: everyBasis, scopes: ['consents', 'view'] },
  ListPointers: { bases: everyBasis, scopes: ['consents', 'view'] },
  AcceptRelationship: { bases: andAssistance, scopes: ['relationships'] },
  RejectRelationship: { bases: ['parent'], scopes: ['relationships'] },
  SuspendRelationship: { bases: andAssistance, scopes: ['relationships'] },
  ResumeRelationship: { bases: ['parent'], scopes: ['relationships'] },
  TerminateRelationship: PATIENT_ALONE,
  ActivateCard: { bases: everyBasis, scopes: ['cards'] },
  SetCardPaperCode: { bases: everyBasis, scopes: ['cards'] },
  SuspendCard: { bases: andAssistance, scopes: ['cards'] },
  ReportCardLost: { bases: andAssistance, scopes: ['cards'] },
  RotateKey: { bases: everyBasis },
  TakeOverPseudonym: PATIENT_ALONE,
  AppointDelegate: PATIENT_ALONE,
  EndDelegation: { bases: everyBasis },
  SetGuardians: PATIENT_ALONE,
  StorePin: PATIENT_ALONE,
  RemovePin: PATIENT_ALONE,
  VetoRecovery: PATIENT_ALONE,
  CompleteRecovery: PATIENT_ALONE,
  ListRecoveries: { bases: everyBasis, scopes: ['view'] },
  ListDelegations: { bases: everyBasis, scopes: ['view'] },
};

/**
 * Holds a delegate to what they may do.
 * @param transaction - its name
 * @throws {@link DomainError} `BEYOND_DELEGATION` — details name the transaction, the basis, and what it would take: scopes, or `patient`
 */
export function assertMayDelegate(transaction: string, { basis, scopes }: Powers): void {
  const act = Object.hasOwn(delegatedActs, transaction) ? delegatedActs[transaction] : undefined;
  if (act?.bases.includes(basis) !== true) throw beyond(transaction, basis, 'patient');
  if (act.scopes !== undefined && !act.scopes.some((scope) => scopes.includes(scope))) throw beyond(transaction, basis, act.scopes.join());
}

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

function beyond(transaction: string, basis: ActingBasis, needed: string): DomainError {
  return new DomainError('BEYOND_DELEGATION', undefined, { transaction, basis, needed });
}
