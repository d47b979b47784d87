import { combineVerdicts } from '../access/combine';
import { type AccessExplanation, type Decision } from '../access/decision';
import { accessExplanationOf, type SaidBy } from '../access/explain-access';
import { type AccessFacts, type AccessQuestion, type KnownQuestion } from '../access/question';
import { SILENT, type Verdict } from '../access/sources/policy-source';
import { prohibitions } from '../access/sources/prohibitions';
import { purposeGate } from '../access/sources/purpose-gate';
import { openRelationship } from '../access/sources/relationship';
import { retraction } from '../access/sources/retraction';
import { type DenyReason } from '../errors/table';
import { provisionIdSchema } from '../ids';
import { type Instant } from '../instant';
import { type Confidentiality, confidentialities, type EmergencyScope, type RecordClass } from '../vocabulary';
import { type EmergencySigners, valueOfClass } from '../governance/transactions';
import { type EmergencySignature, type EmergencyStance } from './entities';

/** What a permit of an emergency names: no provision of anybody's. */
const EMERGENCY_PROVISION_ID = provisionIdSchema.parse('emergency');
/** What is prepared for emergencies. */
const DATASET_CLASS: RecordClass = 'patient-summary';

/** What holds of a patient who has said nothing: what is very restricted, and level 5, stay closed. */
export const UNSAID_STANCE: EmergencyStance = { stance: 'allowed', maxConfidentiality: 'R', maxDataLevel: 4 };

/** What is asked and known besides, where the glass is broken. */
export type EmergencyFacts = {
  readonly scope: EmergencyScope;
  /** When it ends (exclusive), as who asks has said. */
  readonly until: Instant;
  /** Whether so much of who asks, or of their department, waits for its review that nothing more is opened; of what was permitted already: no. */
  readonly isInDebt: boolean;
  /** Whether so many reviews are overdue that a second person has to sign, whatever the level; of what was permitted already: no. */
  readonly hasOverdue: boolean;
  /** What the patient says; left out: nothing. */
  readonly choice?: EmergencyStance | undefined;
  /** Who has to sign, by level, as the members have set it. */
  readonly signers: EmergencySigners;
  /** What a second person who may has countersigned; left out: nothing. */
  readonly second?: Pick<EmergencySignature, 'recordIds' | 'until'> | undefined;
};

/**
 * Decides whether an actor may read a record in an emergency, without a consent (ADR 0056). It stands beside the rule of consents, and asks
 * the sources that close something: purpose, retraction, relationship and prohibitions. No consent and no default policy opens anything here; where
 * the patient has said nothing of emergencies, the members may have closed a class for them, too (ADR 0062).
 *
 * An unknown record answers as one without consent does, but for what is said of all records of the patient, or of who asks.
 */
export function decideEmergencyAccess(question: AccessQuestion, facts: AccessFacts, emergency: EmergencyFacts): Decision {
  return combineVerdicts(saidInEmergency(question, facts, emergency).map(({ verdict }) => verdict));
}

/** Decides as {@link decideEmergencyAccess}, and tells what each has said: for whom {@link explainAccess} is. */
export function explainEmergencyAccess(question: AccessQuestion, facts: AccessFacts, emergency: EmergencyFacts): AccessExplanation {
  return accessExplanationOf(question, saidInEmergency(question, facts, emergency));
}

function saidInEmergency(question: AccessQuestion, facts: AccessFacts, emergency: EmergencyFacts): readonly SaidBy[] {
  const { record } = question;
  return [
    { source: 'purpose', verdict: purposeGate.judge(question, facts) },
    { source: 'emergency', verdict: gate(emergency) },
    { source: 'retraction', verdict: retraction.judge(question, facts) },
    { source: 'relationship', verdict: openRelationship.judge(question, facts) },
    { source: 'prohibitions', verdict: prohibitions.judge(question, facts) },
    { source: 'emergency', verdict: record === undefined ? SILENT : brokenGlass({ ...question, record }, facts, emergency) },
  ];
}

/** Whether a record would be permitted if a second person countersigned it: that they have not is told only where nothing else is missing. */
export function lacksOnlySecond(decision: Decision): boolean {
  return decision.effect === 'deny' && decision.reasons.includes('COUNTERSIGNATURE_MISSING');
}

/** What ends the matter, whichever record it is about. */
function gate({ isInDebt, choice }: EmergencyFacts): Verdict {
  if (isInDebt) return { refusal: 'EMERGENCY_DEBT' };
  return choice?.stance === 'refused' ? { refusal: 'EMERGENCY_REFUSED' } : SILENT;
}

function brokenGlass(question: KnownQuestion, { defaultPolicies }: AccessFacts, emergency: EmergencyFacts): Verdict {
  const { record } = question;
  const { scope, until, choice = UNSAID_STANCE } = emergency;
  const isClosedByDefault = emergency.choice === undefined && valueOfClass(defaultPolicies, record.class) === 'deny-all';
  const denials: readonly (readonly [boolean, DenyReason])[] = [
    [scope === 'dataset' && record.class !== DATASET_CLASS, 'CLASS_NOT_COVERED'],
    [choice.stance === 'refused' || !isWithinLevel(record, emergency), 'LEVEL_NEEDS_APPROVAL'],
    [choice.stance === 'refused' || isStricter(record.confidentiality, choice.maxConfidentiality), 'LABEL_NOT_COVERED'],
    [isClosedByDefault, 'CLOSED_BY_DEFAULT'],
  ];
  return {
    addressed: true,
    denials: denials.filter(([isDenied]) => isDenied).map(([, reason]) => reason),
    permits: [{ provisionId: EMERGENCY_PROVISION_ID, until }],
    unapproved: missingOf(question, emergency),
  };
}

/** What the patient has said of levels holds; where they have said nothing, what the members have set. */
function isWithinLevel({ dataLevel }: KnownQuestion['record'], { choice, signers }: EmergencyFacts): boolean {
  if (choice !== undefined) return choice.stance === 'allowed' && dataLevel <= choice.maxDataLevel;
  return signers[`${dataLevel}`] !== 'closed';
}

/** What would open it besides, where the members or what is overdue ask for a second person. */
function missingOf(question: KnownQuestion, emergency: EmergencyFacts): readonly DenyReason[] {
  const { hasOverdue, signers } = emergency;
  const mustBeSigned = hasOverdue || signers[`${question.record.dataLevel}`] === 'countersigned';
  if (!mustBeSigned || isSigned(question, emergency)) return [];
  return [...(hasOverdue ? (['EMERGENCY_DEBT'] as const) : []), 'COUNTERSIGNATURE_MISSING'];
}

/** A permit that was given stays countersigned when the time in which it could be asked for is over. */
function isSigned({ at, again, record }: KnownQuestion, { second }: EmergencyFacts): boolean {
  return second?.recordIds.includes(record.recordId) === true && (again === true || at < second.until);
}

function isStricter(label: Confidentiality, most: Confidentiality): boolean {
  return confidentialities.indexOf(label) > confidentialities.indexOf(most);
}
