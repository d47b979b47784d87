import { DomainError, type Json } from '@lianyi/domain';
import { ACT_CODE, actorsOf, cardiology, CONFIDENTIALITY, consentOf, purposesOf, read } from './consent.fixture';
import { OWN } from './own-systems';

type Fields = { readonly [name: string]: Json };
const permit = (fields: Fields = {}): Json => consentOf({ type: 'permit', ...fields });
const deny = (fields: Fields = {}): Json => consentOf({ type: 'deny', ...fields });
const label = (system: string, ...codes: readonly string[]): Json => codes.map((code) => ({ system, code }));
const data = (meaning: string, ...references: readonly string[]): Json =>
  references.map((reference) => ({ meaning, reference: { reference } }));
/** The provisions of the first grantee, without what every one has. */
const provisionsOf = (consent: Json): object[] =>
  (read(consent).grants[0]?.provisions ?? []).map(({ provisionId: _id, ...provision }) => provision);
const UNTIL = { validUntil: '2031-01-01T00:00:00.000Z' };
const ANY = { purposes: 'any' };
const remarksOf = (consent: Json): string => read(consent).remarks.join(' ');

function refusalOf(consent: Json, meanings = {}, until = UNTIL.validUntil): string {
  try {
    read(consent, meanings, until);
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${String(error.details['what'])}`;
    throw error;
  }
  return 'read';
}

describe('a FHIR Consent', () => {
  it.each<readonly [string, Json, object]>([
    ['purposes', permit({ purpose: purposesOf('TREAT', 'HPAYMT') }), { purposes: ['TREAT', 'HPAYMT'] }],
    ['labels', permit({ securityLabel: label(CONFIDENTIALITY, 'N', 'R') }), { ...ANY, confidentiality: ['N', 'R'] }],
    [
      'whole months of care',
      permit({ dataPeriod: { start: '2022-01-01', end: '2022-12-31' } }),
      { ...ANY, careMonths: { first: '2022-01', last: '2022-12' } },
    ],
    [
      'months of which all is meant',
      permit({ dataPeriod: { start: '2022-01-02', end: '2022-12-30' } }),
      { ...ANY, careMonths: { first: '2022-02', last: '2022-11' } },
    ],
    ['a year', permit({ dataPeriod: { start: '2022', end: '2022' } }), { ...ANY, careMonths: { first: '2022-01', last: '2022-12' } }],
    [
      'a February',
      permit({ dataPeriod: { start: '2024-02', end: '2024-02-29' } }),
      { ...ANY, careMonths: { first: '2024-02', last: '2024-02' } },
    ],
    [
      'an author that is an organisation',
      permit({ data: data('authoredby', 'Organization/1') }),
      { ...ANY, authorMspIds: ['HospitalAMSP'] },
    ],
    ['a record', permit({ data: data('instance', 'Observation/1') }), { ...ANY, recordIds: ['rec-1'] }],
    ['an encounter', permit({ data: data('instance', 'Encounter/1') }), { ...ANY, encounters: ['enc-1'] }],
    ['reading among other actions', permit({ action: [{ coding: [{ code: 'collect' }] }, { coding: [{ code: 'access' }] }] }), ANY],
  ])('permits by %s', (_what, consent, expected) => {
    expect(provisionsOf(consent)).toEqual([{ effect: 'permit', ...expected, ...UNTIL }]);
    expect(remarksOf(consent)).toBe('');
  });

  it.each<readonly [string, Json, object[], string]>([
    [
      'purposes that nobody here knows',
      permit({ purpose: purposesOf('TREAT', 'BTG') }),
      [{ effect: 'permit', purposes: ['TREAT'], ...UNTIL }],
      'purposes-left-out',
    ],
    [
      'what is not known here',
      permit({ data: data('instance', 'Observation/1', 'Observation/2') }),
      [{ effect: 'permit', ...ANY, recordIds: ['rec-1'], ...UNTIL }],
      'references-left-out',
    ],
    [
      'a permission inside of one',
      permit({ provision: [{ type: 'permit' }] }),
      [{ effect: 'permit', ...ANY, ...UNTIL }],
      'exception-left-out',
    ],
  ])('permits without %s, and says so', (_what, consent, expected, remark) => {
    expect([provisionsOf(consent), remarksOf(consent)]).toEqual([expected, remark]);
  });

  it.each<readonly [string, Json, object[], string]>([
    ['every purpose for one that nobody here knows', deny({ purpose: purposesOf('TREAT', 'BTG') }), [ANY], 'every-purpose-forbidden'],
    [
      'everything of level 5 for a sensitivity',
      deny({ securityLabel: label(ACT_CODE, 'HIV') }),
      [{ ...ANY, minDataLevel: 5 }],
      'level-5-forbidden',
    ],
    [
      'a label and level 5 for a label and a sensitivity',
      deny({
        securityLabel: [
          { system: CONFIDENTIALITY, code: 'R' },
          { system: ACT_CODE, code: 'PSY' },
        ],
      }),
      [
        { ...ANY, confidentiality: ['R', 'V'] },
        { ...ANY, minDataLevel: 5 },
      ],
      'stricter-labels-forbidden level-5-forbidden',
    ],
    [
      'every class for a type of resource',
      deny({ class: label('http://hl7.org/fhir/resource-types', 'Observation') }),
      [ANY],
      'every-class-forbidden',
    ],
    [
      'every class where one of them has no code',
      deny({ class: [{ system: OWN.recordClass, code: 'prescription' }, { display: 'and more' }] }),
      [ANY],
      'every-class-forbidden',
    ],
    [
      'every purpose where one of them has no code',
      deny({ purpose: [purposesOf('TREAT'), { display: 'research' }].flat() }),
      [ANY],
      'every-purpose-forbidden',
    ],
    [
      'what a prohibition inside of one says as well',
      deny({ purpose: purposesOf('TREAT'), provision: [{ type: 'deny', purpose: purposesOf('HRESCH') }] }),
      [
        { ...ANY, purposes: ['TREAT'] },
        { ...ANY, purposes: ['HRESCH'] },
      ],
      '',
    ],
    ['every content for a code', deny({ code: [{ coding: label('http://loinc.org', '4548-4') }] }), [ANY], 'every-code-forbidden'],
    [
      'every month that a period touches',
      deny({ dataPeriod: { start: '2022-01-31', end: '2022-03-01' } }),
      [{ ...ANY, careMonths: { first: '2022-01', last: '2022-03' } }],
      '',
    ],
    [
      'all for an exception that would have to beat it',
      deny({ provision: [{ type: 'permit', purpose: purposesOf('TREAT') }] }),
      [ANY],
      'exception-left-out',
    ],
    ['reading, whatever action it names', deny({ action: [{ coding: [{ code: 'correct' }] }] }), [ANY], ''],
  ])('forbids %s', (_what, consent, expected, remark) => {
    expect([provisionsOf(consent), remarksOf(consent)]).toEqual([expected.map((each) => ({ effect: 'deny', ...each })), remark]);
  });

  it.each<readonly [string, Json, string]>([
    ['another resource', { resourceType: 'Observation' }, 'not-a-consent'],
    ['another scope', consentOf({ type: 'permit' }, { scope: { coding: [{ code: 'research' }] } }), 'not-a-consent'],
    ['one that is no more in force', consentOf({ type: 'permit' }, { status: 'inactive' }), 'not-active'],
    ['a draft', consentOf({ type: 'permit' }, { status: 'draft' }), 'not-active'],
    ['a modifier that nobody here knows', consentOf({ type: 'permit' }, { modifierExtension: [] }), 'element'],
    [
      'a modifier of whom it is for',
      permit({
        actor: [
          {
            role: { coding: [{ code: 'IRCP' }] },
            reference: { reference: 'Group/1' },
            modifierExtension: [{ url: 'http://example.org/not' }],
          },
        ],
      }),
      'element',
    ],
    [
      'a modifier of what a prohibition is about',
      deny({ data: [{ meaning: 'instance', reference: {}, modifierExtension: [] }] }),
      'element',
    ],
    ['a modifier inside', permit({ modifierExtension: [{ url: 'http://example.org/not', valueBoolean: true }] }), 'element'],
    [
      'a copy handled in a way that nobody here knows',
      permit({ modifierExtension: [{ url: 'urn:lianyi:handling', valueCode: 'print' }] }),
      'element',
    ],
    [
      'a copy that is not handed on, in words that nobody here has',
      permit({ modifierExtension: [{ url: 'urn:lianyi:onward', valueBoolean: false }] }),
      'element',
    ],
    [
      'a copy that is viewed and handed on',
      permit({
        modifierExtension: [
          { url: 'urn:lianyi:handling', valueCode: 'view' },
          { url: 'urn:lianyi:onward', valueBoolean: true },
        ],
      }),
      'copies',
    ],
    ['copies of what is forbidden', deny({ modifierExtension: [{ url: 'urn:lianyi:handling', valueCode: 'view' }] }), 'copies'],
    [
      'copies that are gone before the permission ends',
      permit({ modifierExtension: [{ url: 'urn:lianyi:erase-at', valueInstant: '2020-01-01T00:00:00.000Z' }] }),
      'time',
    ],
    ['an element that nobody here reads', permit({ extension: [{ url: 'http://example.org/only' }] }), 'element'],
    ['no effect', consentOf({}), 'no-effect'],
    ['no provision', consentOf(undefined as never), 'no-effect'],
    ['an inner provision without effect', permit({ provision: [{}] }), 'no-effect'],
    ['only purposes that nobody here knows', permit({ purpose: purposesOf('BTG') }), 'purpose'],
    ['a purpose of another system', permit({ purpose: [{ system: 'http://example.org', code: 'TREAT' }] }), 'purpose'],
    ['a purpose that nothing opens', permit({ purpose: purposesOf('TREAT', 'EMPLOYMENT') }), 'purpose-never-opens'],
    ['a permission to collect', permit({ action: [{ coding: [{ code: 'collect' }] }] }), 'action'],
    ['a permission by sensitivity', permit({ securityLabel: label(ACT_CODE, 'HIV') }), 'sensitivity'],
    [
      'a permission by label and sensitivity',
      permit({
        securityLabel: [
          { system: CONFIDENTIALITY, code: 'R' },
          { system: ACT_CODE, code: 'HIV' },
        ],
      }),
      'sensitivity',
    ],
    ['a permission by a label that nobody here knows', permit({ securityLabel: label(CONFIDENTIALITY, 'X') }), 'label'],
    ['a permission by no label', permit({ securityLabel: [] }), 'label'],
    ['a permission by type of resource', permit({ class: label('http://hl7.org/fhir/resource-types', 'Observation') }), 'class'],
    ['a permission by code', permit({ code: [{ coding: label('http://loinc.org', '4548-4') }] }), 'code'],
    ['a permission for part of a month', permit({ dataPeriod: { start: '2022-01-02', end: '2022-01-30' } }), 'time'],
    ['a permission for care since', permit({ dataPeriod: { start: '2022-01-01' } }), 'time'],
    ['a prohibition of care since', deny({ dataPeriod: { start: '2022-01-01' } }), 'time'],
    ['a month that is none', permit({ dataPeriod: { start: '2022-13', end: '2022-14' } }), 'time'],
    ['a day that is none', permit({ period: { end: '2022-02-30' } }), 'time'],
    ['a period that ends before it begins', permit({ period: { start: '2022-02-02', end: '2021-01-01' } }), 'time'],
    ['a person as author', permit({ data: data('authoredby', 'Practitioner/1') }), 'reference'],
    ['a permission for what is not known here', permit({ data: data('instance', 'Observation/2') }), 'reference'],
    ['a reference by a name that every object has', permit({ data: data('instance', 'constructor') }), 'reference'],
    ['a prohibition of what is known only in part', deny({ data: data('instance', 'Observation/1', 'Observation/2') }), 'reference'],
    ['a prohibition of what is related to something', deny({ data: data('related', 'Observation/1') }), 'reference'],
    ['an actor whom nobody here is', permit({ actor: actorsOf('Group/9') }), 'reference'],
    ['an actor of an exception whom nobody here is', permit({ provision: [{ type: 'deny', actor: actorsOf('Group/9') }] }), 'reference'],
    [
      'an exception of whoever it would be given to without being named',
      permit({ provision: [{ type: 'deny', actor: actorsOf('Group/1') }] }),
      'excepted',
    ],
    [
      'exceptions of each of two whom it permits, of which neither could be granted first',
      permit({
        actor: actorsOf('Group/1', 'Practitioner/1'),
        provision: [
          { type: 'deny', purpose: purposesOf('TREAT'), actor: actorsOf('Group/1') },
          { type: 'deny', purpose: purposesOf('HRESCH'), actor: actorsOf('Practitioner/1') },
        ],
      }),
      'crossed',
    ],
    ['more provisions than a grant holds', permit({ provision: Array.from({ length: 16 }, () => ({ type: 'deny' })) }), 'too-many'],
  ])('is refused for %s', (_what, consent, what) => {
    expect(refusalOf(consent)).toBe(`CONSENT_NOT_EXPRESSIBLE ${what}`);
  });

  it('is refused for a permission without an end, for nobody, and for a prohibition for everybody if nobody says who that is', () => {
    expect(refusalOf(permit(), {}, '')).toBe('CONSENT_NOT_EXPRESSIBLE no-end');
    expect(refusalOf(permit(), { grantees: [] })).toBe('CONSENT_NOT_EXPRESSIBLE nobody');
    expect(refusalOf(deny(), { members: [] })).toBe('CONSENT_NOT_EXPRESSIBLE everybody');
  });

  it('forbids every member what it forbids without actors, and those it names alone what it forbids them', () => {
    expect(read(deny()).grants.map(({ grantee }) => `${grantee.kind}:${grantee.mspId}`)).toEqual([
      'organisation:HospitalAMSP',
      'organisation:HospitalBMSP',
    ]);
    const named = read(deny({ actor: actorsOf('Practitioner/1') }));
    expect(named.grants.map(({ grantee }) => grantee.name)).toEqual(['dr-wu']);
  });

  it('forbids, inside of a permission, those whom that is for, or whom it names, at any depth', () => {
    const inner = { type: 'deny', securityLabel: label(CONFIDENTIALITY, 'R') };
    const { grants, remarks } = read(
      permit({
        provision: [inner, { type: 'permit', provision: [{ type: 'deny', actor: actorsOf('Practitioner/1') }] }],
      }),
    );
    expect(grants).toMatchObject([
      { grantee: cardiology, provisions: [{ effect: 'permit' }, { effect: 'deny', confidentiality: ['R', 'V'] }] },
      { grantee: { name: 'dr-wu' }, provisions: [{ effect: 'deny' }] },
    ]);
    expect(remarks).toEqual(['exception-left-out', 'stricter-labels-forbidden']);
  });

  it('has a permission begin when a day has begun everywhere, and end when it ends anywhere; a prohibition the other way round', () => {
    const day = { start: '2026-05-01', end: '2026-05-31' };
    expect(provisionsOf(permit({ period: day }))).toMatchObject([
      { validFrom: '2026-05-01T12:00:00.000Z', validUntil: '2026-05-31T10:00:00.000Z' },
    ]);
    expect(provisionsOf(deny({ period: day }))).toMatchObject([
      { validFrom: '2026-04-30T10:00:00.000Z', validUntil: '2026-06-01T12:00:00.000Z' },
    ]);
    const second = { start: '2026-05-01T08:00:00+08:00', end: '2026-05-31T08:00:00+08:00' };
    expect(provisionsOf(permit({ period: second }))).toMatchObject([
      { validFrom: '2026-05-01T00:00:00.000Z', validUntil: '2026-05-31T00:00:01.000Z' },
    ]);
    const milli = { end: '2026-05-31T00:00:00.999Z' };
    expect(provisionsOf(permit({ period: milli }))).toMatchObject([{ validUntil: '2026-05-31T00:00:01.000Z' }]);
  });

  it('is read by HL7’s opt-in and opt-out where the root has no effect', () => {
    const rule = (code: string): { readonly policyRule: Json } => ({ policyRule: { coding: [{ system: ACT_CODE, code }] } });
    expect(read(consentOf({}, rule('OPTIN'))).grants).toMatchObject([{ provisions: [{ effect: 'permit' }] }]);
    expect(read(consentOf({}, rule('OPTOUT'))).grants).toMatchObject([
      { provisions: [{ effect: 'deny' }] },
      { provisions: [{ effect: 'deny' }] },
    ]);
  });
});
