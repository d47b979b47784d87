import { type Death, type Incapacity, isOver, type RecoveryCase, type RecoveryCaseId } from '@lianyi/domain';
import {
  type CapacityFact,
  type EmergencyChoiceFact,
  type GuardiansFact,
  type KnownEmergencyChoice,
  type KnownGuardians,
  type KnownPatients,
  type PatientFact,
  type RecoveryFact,
  type WrittenBeforeFact,
  type WrittenRecoveryFact,
} from './patient-facts';
import { type MemberFact } from './member-facts';

/** What is said of a patient by others, of those who vouch for one, of emergencies, or before the patient is known. */
export type SaidOfPatient = CapacityFact | EmergencyChoiceFact | GuardiansFact | RecoveryFact | WrittenBeforeFact | WrittenRecoveryFact;

const KINDS: ReadonlySet<string> = new Set<SaidOfPatient['kind']>([
  ...(['guardians', 'recovery', 'writtenRecovery', 'incapacity', 'death', 'emergencyChoice', 'writtenBefore'] as const),
]);

/** Whether a fact is one of these. */
export function isSaidOfPatient(fact: PatientFact | MemberFact): fact is SaidOfPatient {
  return KINDS.has(fact.kind);
}

/** Who vouches for patients, recoveries, capacity and death, as the transactions before have told; in memory. */
export class SaidOfPatients {
  readonly #guardians = new Map<string, KnownGuardians>();
  readonly #recoveries = new Map<string, RecoveryCase>();
  /** By pseudonym. */
  readonly #writtenOpen = new Map<string, ReadonlySet<RecoveryCaseId>>();
  readonly #incapacities = new Map<string, Incapacity>();
  readonly #deaths = new Map<string, Death>();
  readonly #emergencyChoices = new Map<string, KnownEmergencyChoice>();
  readonly #writtenBefore = new Set<string>();

  /** @param isLate - committed so long after it was proposed that somebody has kept it back */
  keep(fact: SaidOfPatient, isLate: boolean): void {
    switch (fact.kind) {
      case 'guardians':
        this.#guardians.set(fact.pseudonym, { said: fact.said, isLate });
        return;
      case 'recovery':
        this.#recoveries.set(`${fact.pseudonym} ${fact.caseId}`, fact.said);
        return;
      case 'writtenRecovery':
        this.#keepWritten(fact);
        return;
      case 'incapacity':
        this.#incapacities.set(fact.pseudonym, fact.said);
        return;
      case 'death':
        this.#deaths.set(fact.pseudonym, fact.said);
        return;
      case 'emergencyChoice':
        this.#emergencyChoices.set(fact.pseudonym, fact.said);
        return;
      case 'writtenBefore':
        this.#writtenBefore.add(fact.pseudonym);
    }
  }

  #keepWritten({ pseudonym, caseId, isOpen }: WrittenRecoveryFact): void {
    const open = new Set(this.#writtenOpen.get(pseudonym));
    if (isOpen) open.add(caseId);
    else open.delete(caseId);
    this.#writtenOpen.set(pseudonym, open);
  }

  known(): Pick<
    KnownPatients,
    | 'guardiansOf'
    | 'recoveryOf'
    | 'openRecoveriesOf'
    | 'writtenOpenOf'
    | 'incapacityOf'
    | 'deathOf'
    | 'emergencyChoiceOf'
    | 'isWrittenBefore'
  > {
    return {
      guardiansOf: (pseudonym) => Promise.resolve(this.#guardians.get(pseudonym)),
      recoveryOf: (pseudonym, caseId) => Promise.resolve(this.#recoveries.get(`${pseudonym} ${caseId}`)),
      openRecoveriesOf: (pseudonym) =>
        Promise.resolve([...this.#recoveries.values()].filter((each) => each.pseudonym === pseudonym && !isOver(each))),
      writtenOpenOf: (pseudonym) => Promise.resolve([...(this.#writtenOpen.get(pseudonym) ?? [])]),
      incapacityOf: (pseudonym) => Promise.resolve(this.#incapacities.get(pseudonym)),
      deathOf: (pseudonym) => Promise.resolve(this.#deaths.get(pseudonym)),
      isWrittenBefore: (pseudonym) => Promise.resolve(this.#writtenBefore.has(pseudonym)),
      emergencyChoiceOf: (pseudonym) => Promise.resolve(this.#emergencyChoices.get(pseudonym)),
    };
  }
}
