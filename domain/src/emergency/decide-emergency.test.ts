import { initialSetting, policiesOf } from '../deciding';
import { type AccessFacts, type AccessQuestion, encounterIdSchema, type RecordFacts, recordIdSchema } from '../index';
import { A, B, cardiologist, facts, forbid, grant, hours, NOW, permit, question, record } from '../story.fixture';
import { decideEmergencyAccess, type EmergencyFacts } from './decide-emergency';

const until = hours(1);
const { value: signers } = initialSetting('emergency-signers');
const broken: EmergencyFacts = { scope: 'full', until, isInDebt: false, hasOverdue: false, signers };
/** A second person has to sign for levels 3 and 5, and has for some records. */
const two = { ...signers, '3': 'countersigned', '5': 'countersigned' } as const;
const signed = (recordIds = [record.recordId], ends = hours(0.5)): Partial<EmergencyFacts> => ({
  signers: two,
  second: { recordIds, until: ends },
});
const refused = { stance: 'refused' } as const;
const allowed = (maxConfidentiality: RecordFacts['confidentiality'], maxDataLevel: RecordFacts['dataLevel']) =>
  ({ stance: 'allowed', maxConfidentiality, maxDataLevel }) as const;

/** What differs from a stranger who breaks the glass for a laboratory report. */
type Case = {
  readonly record?: Partial<RecordFacts> | 'unknown';
  readonly asked?: Partial<AccessQuestion>;
  readonly grants?: AccessFacts['grants'];
  readonly facts?: Partial<AccessFacts>;
  readonly emergency?: Partial<EmergencyFacts>;
};

function told(given: Case): string {
  const of = given.record === 'unknown' ? undefined : { ...record, ...given.record };
  const asked = question({ purpose: 'ETREAT', record: of, ...given.asked });
  const decision = decideEmergencyAccess(asked, facts(given.grants ?? [], given.facts), { ...broken, ...given.emergency });
  if (decision.effect === 'deny') return `deny ${decision.reasons.join(' ')}`;
  const use = decision.use === undefined ? '' : ' and takes a use';
  return `permit ${decision.provisionIds.join(' ')} ${decision.until ?? ''}${use}`;
}

describe('whether somebody reads in an emergency', () => {
  it.each<readonly [string, Case, string]>([
    ['opens without a consent until the end that was asked for', {}, `permit emergency ${until}`],
    ['rests on no consent where there is one', { grants: [grant([permit({ purposes: 'any' })])] }, `permit emergency ${until}`],
    ['opens a prepared summary', { record: { class: 'patient-summary' }, emergency: { scope: 'dataset' } }, `permit emergency ${until}`],
    ['opens what is restricted, of a patient who has said nothing', { record: { confidentiality: 'R' } }, `permit emergency ${until}`],
    [
      'opens what the patient has named',
      { record: { confidentiality: 'V', dataLevel: 5 }, emergency: { choice: allowed('V', 5) } },
      `permit emergency ${until}`,
    ],
    ['passes a prohibition of treatment alone', { grants: [grant([forbid({ purposes: ['TREAT'] })])] }, `permit emergency ${until}`],
    [
      'opens after the end of the relationship',
      { facts: { relationship: { type: 'care', state: 'terminated' } } },
      `permit emergency ${until}`,
    ],
    ['ends when a prohibition begins', { grants: [grant([forbid({ validFrom: hours(0, 1) })])] }, `permit emergency ${hours(0, 1)}`],
    ['denies a role that may not claim it', { asked: { actor: { ...cardiologist, roles: ['nurse'] } } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
    ['denies who owes reviews', { emergency: { isInDebt: true } }, 'deny EMERGENCY_DEBT'],
    ['denies who owes too many, whoever signs', { emergency: { isInDebt: true, ...signed() } }, 'deny EMERGENCY_DEBT'],
    [
      'asks for a second person where reviews are overdue',
      { emergency: { hasOverdue: true } },
      'deny COUNTERSIGNATURE_MISSING EMERGENCY_DEBT',
    ],
    ['opens with one where reviews are overdue', { emergency: { hasOverdue: true, ...signed(), signers } }, `permit emergency ${until}`],
    ['opens with one where both ask for it', { emergency: { hasOverdue: true, ...signed() } }, `permit emergency ${until}`],
    [
      'takes no signature for another record where reviews are overdue',
      { emergency: { hasOverdue: true, ...signed([recordIdSchema.parse('another')]), signers } },
      'deny COUNTERSIGNATURE_MISSING EMERGENCY_DEBT',
    ],
    [
      'takes none whose time is over where reviews are overdue',
      { asked: { at: hours(0.5) }, emergency: { hasOverdue: true, ...signed(), signers } },
      'deny COUNTERSIGNATURE_MISSING EMERGENCY_DEBT',
    ],
    [
      'says of what is closed that it is closed, whatever is overdue',
      { record: { dataLevel: 5 }, emergency: { hasOverdue: true } },
      'deny LEVEL_NEEDS_APPROVAL',
    ],
    [
      'says nothing of what is overdue where the patient has refused',
      { emergency: { hasOverdue: true, choice: refused } },
      'deny EMERGENCY_REFUSED',
    ],
    ['tells who owes reviews nothing of the patient', { emergency: { isInDebt: true, choice: refused } }, 'deny EMERGENCY_DEBT'],
    ['tells who owes reviews nothing of a record', { record: 'unknown', emergency: { isInDebt: true } }, 'deny EMERGENCY_DEBT'],
    ['denies what the patient has refused', { emergency: { choice: refused } }, 'deny EMERGENCY_REFUSED'],
    ['denies it alike of a record that is not there', { record: 'unknown', emergency: { choice: refused } }, 'deny EMERGENCY_REFUSED'],
    ['denies an unknown record', { record: 'unknown' }, 'deny NO_CONSENT'],
    ['denies all but the summary before that was opened', { emergency: { scope: 'dataset' } }, 'deny CLASS_NOT_COVERED'],
    ['denies what is very restricted', { record: { confidentiality: 'V' } }, 'deny LABEL_NOT_COVERED'],
    ['denies level 5', { record: { dataLevel: 5 } }, 'deny LEVEL_NEEDS_APPROVAL'],
    ['denies what a second person has to sign for, and says so', { emergency: { signers: two } }, 'deny COUNTERSIGNATURE_MISSING'],
    ['opens it where one has', { emergency: signed() }, `permit emergency ${until}`],
    [
      'denies it where one has signed for another record',
      { emergency: signed([recordIdSchema.parse('other')]) },
      'deny COUNTERSIGNATURE_MISSING',
    ],
    ['denies it at the end of the signature', { emergency: signed(undefined, NOW) }, 'deny COUNTERSIGNATURE_MISSING'],
    [
      'goes on with what was opened before that',
      { asked: { again: true }, emergency: signed(undefined, NOW) },
      `permit emergency ${until}`,
    ],
    [
      'opens level 5 with a second person, of whom nothing is said',
      { record: { dataLevel: 5 }, emergency: signed() },
      `permit emergency ${until}`,
    ],
    [
      'denies level 5 without one, and says what is missing',
      { record: { dataLevel: 5 }, emergency: { signers: two } },
      'deny COUNTERSIGNATURE_MISSING',
    ],
    [
      'denies level 5 though one has signed, where the members have not set it',
      { record: { dataLevel: 5 }, emergency: { ...signed(), signers } },
      'deny LEVEL_NEEDS_APPROVAL',
    ],
    [
      'denies a level above the patient’s, whoever has signed',
      { record: { dataLevel: 5 }, emergency: { ...signed(), choice: allowed('R', 4) } },
      'deny LEVEL_NEEDS_APPROVAL',
    ],
    [
      'asks for a second person also where the patient has let the level',
      { record: { dataLevel: 5 }, emergency: { signers: two, choice: allowed('R', 5) } },
      'deny COUNTERSIGNATURE_MISSING',
    ],
    ['asks for nobody below', { record: { dataLevel: 2 }, emergency: { signers: two } }, `permit emergency ${until}`],
    [
      'tells nothing of a missing signature where more is missing',
      { record: { confidentiality: 'V' }, emergency: { signers: two } },
      'deny LABEL_NOT_COVERED',
    ],
    ['denies what the patient refuses, whoever has signed', { emergency: { ...signed(), choice: refused } }, 'deny EMERGENCY_REFUSED'],
    ['denies a label above the patient’s', { emergency: { choice: allowed('M', 4) } }, 'deny LABEL_NOT_COVERED'],
    ['denies a level above the patient’s', { emergency: { choice: allowed('R', 2) } }, 'deny LEVEL_NEEDS_APPROVAL'],
    [
      'opens where only the glass may be broken',
      { facts: { defaultPolicies: policiesOf('break-glass-only') } },
      `permit emergency ${until}`,
    ],
    ['denies what the members have closed', { facts: { defaultPolicies: policiesOf('deny-all') } }, 'deny CLOSED_BY_DEFAULT'],
    [
      'opens what they have closed where the patient allows it',
      { facts: { defaultPolicies: policiesOf('deny-all') }, emergency: { choice: allowed('R', 4) } },
      `permit emergency ${until}`,
    ],
    [
      'opens what they have closed of another class alone',
      { facts: { defaultPolicies: { ...policiesOf('break-glass-only'), prescription: 'deny-all' } } },
      `permit emergency ${until}`,
    ],
    ['denies a retracted record', { record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
    ['denies without a relationship', { facts: { relationship: undefined } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
    [
      'denies where the patient has suspended it',
      { facts: { relationship: { type: 'care', state: 'suspended', suspendedBy: 'patient' } } },
      'deny RELATIONSHIP_NOT_ACTIVE',
    ],
    ['denies what is kept for who pays', { facts: { relationship: { type: 'insurer', state: 'active' } } }, 'deny PURPOSE_NOT_ALLOWED'],
    ['denies whom the patient has forbidden everything', { grants: [grant([forbid()], 'person')] }, 'deny DENIED_BY_PROVISION'],
    [
      'denies whose department is forbidden emergencies',
      { grants: [grant([forbid({ purposes: ['ETREAT'] })])] },
      'deny DENIED_BY_PROVISION',
    ],
    [
      'denies what is forbidden of a time, of a record that does not say when its care was',
      { grants: [grant([forbid({ careMonths: { first: '2026-01', last: '2026-02' } })])] },
      'deny DENIED_BY_PROVISION',
    ],
    [
      'denies what is forbidden of a time, of a record of that time',
      {
        record: { careMonths: { first: '2026-02', last: '2026-03' } },
        grants: [grant([forbid({ careMonths: { first: '2026-01', last: '2026-02' } })])],
      },
      'deny DENIED_BY_PROVISION',
    ],
    [
      'passes what is forbidden of another time, and of another encounter',
      {
        record: { careMonths: { first: '2026-03', last: '2026-03' }, encounter: encounterIdSchema.parse('enc-1') },
        grants: [
          grant([forbid({ careMonths: { first: '2026-01', last: '2026-02' } })]),
          grant([forbid({ encounters: [encounterIdSchema.parse('enc-2')] })], 'organisation'),
        ],
      },
      `permit emergency ${until}`,
    ],
    ['rests on nothing that is counted', { grants: [grant([permit({ purposes: 'any', uses: 1 })])] }, `permit emergency ${until}`],
    ['denies whose organisation is forbidden it', { grants: [grant([forbid()], 'organisation')] }, 'deny DENIED_BY_PROVISION'],
    [
      'tells all that closes a record',
      { record: { state: 'retracted', confidentiality: 'V' }, emergency: { scope: 'dataset' } },
      'deny CLASS_NOT_COVERED LABEL_NOT_COVERED RECORD_RETRACTED',
    ],
    ['denies a purpose for which nothing opens', { asked: { purpose: 'EMPLOYMENT' } }, 'deny PURPOSE_NEVER_OPENS'],
    ['denies another purpose than one may claim', { asked: { purpose: 'HRESCH' } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ])('%s', (_sentence, given, expected) => {
    expect(told(given)).toBe(expected);
  });

  it('is the same for whoever is of the custodian’s own staff', () => {
    for (const mspId of [A, B]) expect(told({ asked: { actor: { ...cardiologist, mspId } } })).toBe(`permit emergency ${until}`);
  });
});
