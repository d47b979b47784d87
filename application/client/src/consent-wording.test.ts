import {
  confidentialities,
  consentPurposes,
  type Grant,
  grantSchema,
  type ProvisionDraft,
  provisionDraftsSchema,
  recordClasses,
  roles,
  sha256,
} from '@lianyi/domain';
import { agreedText, checkEvidence, consentWording, type ConsentSubject } from './consent-wording';

const at = (hour: number): string => new Date(Date.UTC(2026, 4, 1, hour)).toISOString();
const permit = { effect: 'permit', provisionId: 'p1', purposes: ['TREAT'], validUntil: at(9) };
const deny = { effect: 'deny', provisionId: 'd1', purposes: 'any' };
const cardiology = { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' };

function grantOf(provisions: readonly object[], changes: object = {}): Grant {
  return grantSchema.parse({
    ...{ schemaVersion: 1, pseudonym: 'psn-1', grantee: cardiology, version: 1, state: 'active', provisions, grantedAt: at(1) },
    ...{ changedAt: at(1), origin: { requestHash: sha256('request'), actor: { kind: 'patient', pseudonym: 'psn-1' } } },
    ...changes,
  });
}
function subjectOf(provisions: readonly object[], grantee: object = cardiology): ConsentSubject {
  const { pseudonym, grantee: named } = grantOf([{ ...permit, validFrom: at(0) }], { grantee });
  return { pseudonym, grantee: named, provisions: provisionDraftsSchema.parse(provisions) };
}
const textOf = (provision: object, language: 'en' | 'zh' = 'en'): string => consentWording(subjectOf([provision]), language) ?? '';

const grantees = [
  { kind: 'person', mspId: 'HospitalBMSP', name: 'dr-lin' },
  { kind: 'group', mspId: 'HospitalBMSP', name: 'night-team' },
  // a role that came later has a text of its own, and changes none
  ...roles.filter((name) => name !== 'pharmacist').map((name) => ({ kind: 'role', mspId: 'HospitalBMSP', name })),
  { kind: 'organisation', mspId: 'HospitalBMSP', name: 'all' },
];

/** What a patient has agreed to, as the ledger has it since: what began with the transaction has its time. */
function recorded(provisions: readonly object[], language: 'en' | 'zh', changes: object = {}): Grant {
  const subject = subjectOf(provisions);
  const { evidence } = agreedText(subject, language, 'wallet');
  return grantOf(
    subject.provisions.map((draft) => ({ validFrom: at(1), ...draft })),
    { evidence, ...changes },
  );
}

describe('the wording of a consent, version 1', () => {
  // these texts are what people have agreed to: another text is another version of the wording
  it.each([
    ['en', 'mibPgGyjzDI7zxw2MywRrf04FBfXa_tkR3dYy7aGc-M'],
    ['zh', '8DkWXUr6FHS5SI05jt8QskA-wcMNjnyeABiPtRWsnN4'],
  ] as const)('is to the byte what it was, in %s', (language, hash) => {
    const everything = [
      {
        ...permit,
        purposes: consentPurposes,
        // a class that came since makes no text another
        classes: recordClasses.filter((each) => each !== 'imaging-index'),
        confidentiality: confidentialities,
        maxDataLevel: 5,
        uses: 3,
        onward: true,
      },
      {
        ...permit,
        provisionId: 'p2',
        recordIds: ['rec-1', 'rec-2'],
        encounters: ['enc-1'],
        validFrom: at(2),
        handling: 'view',
        eraseAt: at(90),
      },
      { ...deny, careMonths: { first: '2025-01', last: '2025-03' }, encounters: ['enc-1'], classes: ['observation'], minDataLevel: 3 },
      { ...deny, provisionId: 'd2', authorMspIds: ['HospitalAMSP'], recordPeriod: { from: at(-9), until: at(-1) }, validUntil: at(8) },
    ];
    const texts = grantees.map((grantee) => consentWording(subjectOf(everything, grantee), language));
    expect(sha256(texts.join('\n'))).toBe(hash);
  });

  it('is named with its language, its hash and the ceremony', () => {
    const subject = subjectOf([permit]);
    const formSha256 = sha256(consentWording(subject, 'zh') ?? '');
    const evidence = { wording: { name: 'lianyi-consent', version: 1 }, language: 'zh', formSha256, ceremony: 'witnessed' };
    expect(agreedText(subject, 'zh', 'witnessed').evidence).toEqual(evidence);
  });

  it('says what is granted, to whom, until when, and what cannot be taken back', () => {
    const text = textOf(permit);
    for (const said of ['treatment (TREAT)', 'the department cardiology of HospitalBMSP', at(9), 'psn-1', 'cannot be taken back'])
      expect(text).toContain(said);
    expect(textOf(permit, 'zh')).toMatch(/治疗（TREAT）[\s\S]*无法收回/);
  });

  const narrower: readonly (readonly [string, object, object])[] = [
    ['purposes', permit, { purposes: ['TREAT', 'HRESCH'] }],
    ['classes', permit, { classes: ['observation'] }],
    ['labels', permit, { confidentiality: ['N'] }],
    ['level', permit, { maxDataLevel: 3 }],
    ['uses', permit, { uses: 1 }],
    ['handling', permit, { handling: 'view' }],
    ['eraseAt', permit, { eraseAt: at(90) }],
    ['onward', permit, { onward: true }],
    ['authors', permit, { authorMspIds: ['HospitalAMSP'] }],
    ['records', permit, { recordIds: ['rec-1'] }],
    ['period', permit, { recordPeriod: { from: at(-3), until: at(-2) } }],
    ['months', permit, { careMonths: { first: '2025-01', last: '2025-02' } }],
    ['encounters', permit, { encounters: ['enc-1'] }],
    ['beginning', permit, { validFrom: at(2) }],
    ['end', permit, { validUntil: at(8) }],
    ['id', permit, { provisionId: 'p9' }],
    ['lower level', deny, { minDataLevel: 4 }],
    ['end of a prohibition', deny, { validUntil: at(8) }],
    ['classes of a prohibition', deny, { classes: ['observation'] }],
    ['months of a prohibition', deny, { careMonths: { first: '2025-01', last: '2025-02' } }],
  ];
  it.each(narrower)('is another text for another provision: %s, in both languages', (_what, provision, changes) => {
    const changed = { ...provision, ...changes };
    expect(textOf(changed)).not.toBe(textOf(provision));
    expect(textOf(changed, 'zh')).not.toBe(textOf(provision, 'zh'));
  });

  it.each<readonly [string, object, string]>([
    ['a permission without labels and level', permit, 'unrestricted (U), low (L), moderate (M), normal (N)'],
    ['a prohibition of a class', { ...deny, classes: ['observation'] }, 'and records that may hold them'],
    ['a prohibition by months', { ...deny, careMonths: { first: '2025-01', last: '2025-01' } }, 'and records that do not say it'],
    ['a prohibition without an end', deny, 'not before this is changed or revoked'],
  ])('says what %s reaches that it does not say', (_what, provision, said) => {
    expect(textOf(provision)).toContain(said);
  });

  it.each(grantees)('names the grantee: $kind $name', (grantee) => {
    for (const language of ['en', 'zh'] as const) {
      const text = consentWording(subjectOf([permit], grantee), language) ?? '';
      expect(text).toContain(grantee.kind === 'organisation' ? grantee.mspId : grantee.name);
      expect(text).not.toContain('cardiology');
    }
  });

  it('is not known under another name or of another version', () => {
    const subject = subjectOf([permit]);
    expect(consentWording(subject, 'en', { name: 'lianyi-consent', version: 2 })).toBeUndefined();
    expect(consentWording(subject, 'en', { name: 'another', version: 1 })).toBeUndefined();
  });
});

describe('the evidence of a consent', () => {
  const provisions = [permit, { ...deny, validFrom: at(4) }];

  it.each(['en', 'zh'] as const)('shows the exact text again that was agreed to, in %s', (language) => {
    const { text } = agreedText(subjectOf(provisions), language, 'wallet');
    expect(checkEvidence(recorded(provisions, language))).toEqual({ outcome: 'agreed', text });
  });
  it('is none where nothing was said', () => {
    expect(checkEvidence(grantOf([{ ...permit, validFrom: at(1) }]))).toEqual({ outcome: 'none' });
  });

  const kept = recorded(provisions, 'en');
  const [first, second] = kept.provisions;
  const evidence = (changes: object): object => ({ evidence: { ...kept.evidence, ...changes } });
  it.each<readonly [string, object, string]>([
    ['a wider provision', { provisions: [{ ...first, purposes: 'any' }, second] }, 'differs'],
    ['a later end', { provisions: [{ ...first, validUntil: at(10) }, second] }, 'differs'],
    ['a prohibition less', { provisions: [first] }, 'differs'],
    ['provisions in another order', { provisions: [second, first] }, 'differs'],
    ['another grantee', { grantee: { ...cardiology, name: 'neurology' } }, 'differs'],
    ['another patient', { pseudonym: 'psn-2' }, 'differs'],
    ['another language', evidence({ language: 'zh' }), 'differs'],
    ['the hash of another text', evidence({ formSha256: sha256('something else') }), 'differs'],
    ['a beginning that nobody was shown', { provisions: [{ ...first, validFrom: at(0) }, second] }, 'differs'],
    ['a later version of the wording', evidence({ wording: { name: 'lianyi-consent', version: 2 } }), 'unknown-wording'],
    ['another house’s wording', evidence({ wording: { name: 'city-form', version: 1 } }), 'unknown-wording'],
  ])('is not taken for %s', (_what, changes, outcome) => {
    const checked = checkEvidence(grantSchema.parse({ ...kept, ...changes }));
    expect(checked.outcome).toBe(outcome);
  });
});

describe('what was agreed to with a beginning', () => {
  it('is shown with it, though the transaction came at another time', () => {
    const named: ProvisionDraft[] = provisionDraftsSchema.parse([{ ...permit, validFrom: at(3) }]);
    expect(checkEvidence(recorded(named, 'en', { changedAt: at(2) }))).toMatchObject({ outcome: 'agreed' });
  });
});
