import { combineVerdicts } from '../access/combine';
import { type Decision } from '../access/decision';
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
import { type EmergencyStance } from './entities';

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
  /** Whether too much of who asks, or of their department, waits for its review; of what was permitted already: no. */
  readonly isInDebt: boolean;
  /** What the patient says; left out: nothing. */
  readonly choice?: EmergencyStance | undefined;
};

/**
 * Decides whether an actor may read a record in an emergency, without a consent (ADR 0056). It stands beside the rule of consents, and asks
 * the sources that close something: purpose, retraction, relationship and prohibitions. No consent and no default policy opens anything here; where
 * the patient has said nothing of emergencies, the members may have closed a class for them, too (ADR 0062).
 *
 * An unknown record answers as one without consent does, but for what is said of all records of the patient, or of who asks.
 */
export function decideEmergencyAccess(question: AccessQuestion, facts: AccessFacts, emergency: EmergencyFacts): Decision {
  const closing = [retraction, openRelationship, prohibitions];
  const verdicts = [
    purposeGate.judge(question, facts),
    gate(emergency),
    ...closing.map((source) => source.judge(question, facts)),
    question.record === undefined ? SILENT : brokenGlass(question.record, facts, emergency),
  ];
  return combineVerdicts(verdicts);
}

/** What ends the matter, whichever record it is about. */
function gate({ isInDebt, choice }: EmergencyFacts): Verdict {
  if (isInDebt) return { refusal: 'EMERGENCY_DEBT' };
  return choice?.stance === 'refused' ? { refusal: 'EMERGENCY_REFUSED' } : SILENT;
}

function brokenGlass(record: KnownQuestion['record'], { defaultPolicies }: AccessFacts, emergency: EmergencyFacts): Verdict {
  const { scope, until, choice = UNSAID_STANCE } = emergency;
  const isClosedByDefault = emergency.choice === undefined && defaultPolicies[record.class] === 'deny-all';
  const denials: readonly (readonly [boolean, DenyReason])[] = [
    [scope === 'dataset' && record.class !== DATASET_CLASS, 'CLASS_NOT_COVERED'],
    [choice.stance === 'refused' || record.dataLevel > choice.maxDataLevel, 'LEVEL_NEEDS_APPROVAL'],
    [choice.stance === 'refused' || isStricter(record.confidentiality, choice.maxConfidentiality), 'LABEL_NOT_COVERED'],
    [isClosedByDefault, 'CLOSED_BY_DEFAULT'],
  ];
  return {
    addressed: true,
    denials: denials.filter(([isDenied]) => isDenied).map(([, reason]) => reason),
    permits: [{ provisionId: EMERGENCY_PROVISION_ID, until }],
  };
}

function isStricter(label: Confidentiality, most: Confidentiality): boolean {
  return confidentialities.indexOf(label) > confidentialities.indexOf(most);
}
