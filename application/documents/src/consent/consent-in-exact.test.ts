import { DomainError, type Json } from '@lianyi/domain';
import { ACT_CODE, actorsOf, CONFIDENTIALITY, consentOf, purposesOf, read } from './consent.fixture';
import { EXTENSION } from './own-systems';

/** Where a Consent could be read as a little more than it permits, or a little less than it forbids. */

type Fields = { readonly [name: string]: Json };
const permit = (fields: Fields): Json => consentOf({ type: 'permit', ...fields });
const deny = (fields: Fields): Json => consentOf({ type: 'deny', ...fields });
const provisionOf = (consent: Json): unknown => read(consent).grants[0]?.provisions[0];
const treatOrElse = { coding: ['TREAT', 'ETREAT'].map((code) => ({ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code })) };
const levels = (url: string): Json => [2, 5].map((valueInteger) => ({ url, valueInteger }));
const roleOf = (...codes: readonly string[]): Json => [
  { role: { coding: codes.map((code) => ({ code })) }, reference: { reference: 'Practitioner/1' } },
];

describe('a FHIR Consent, read exactly,', () => {
  it.each<readonly [string, Json, string]>([
    ['an actor who keeps the data', permit({ actor: roleOf('CST') }), 'role'],
    ['an actor who keeps the data, in a prohibition', deny({ actor: roleOf('CST') }), 'role'],
    ['an actor who keeps and receives', permit({ actor: roleOf('IRCP', 'CST') }), 'role'],
    ['an actor whose part nobody says', permit({ actor: [{ reference: { reference: 'Practitioner/1' } }] }), 'role'],
    ['care from within a day', permit({ dataPeriod: { start: '2022-01-01T23:59:00Z', end: '2022-01-31' } }), 'time'],
    ['care until within a day', permit({ dataPeriod: { start: '2022-01-01', end: '2022-01-31T00:00:00Z' } }), 'time'],
    ['a modifier of its policy', consentOf({ type: 'permit' }, { policy: [{ uri: 'urn:example', modifierExtension: [] }] }), 'element'],
    ['two highest levels', permit({ modifierExtension: levels(EXTENSION.maxDataLevel) }), 'element'],
    ['two lowest levels', deny({ modifierExtension: levels(EXTENSION.minDataLevel) }), 'element'],
    [
      'an action that is reading by one of its codes',
      permit({ action: [{ coding: [{ code: 'collect' }, { code: 'access' }] }] }),
      'action',
    ],
    ['a purpose that is no Coding', permit({ purpose: [treatOrElse] }), 'purpose'],
    [
      'a prohibition of a label that stands on records of any level',
      deny({ securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }] }),
      'label',
    ],
  ])('is refused for %s', (_what, consent, what) => {
    expect(() => read(consent)).toThrow(DomainError);
    expect(() => read(consent)).toThrow(expect.objectContaining({ details: expect.objectContaining({ what }) as unknown }) as Error);
  });

  it('lets no code of one purpose count for another that has none', () => {
    expect(provisionOf(deny({ purpose: [treatOrElse, { display: 'research' }] }))).toMatchObject({ purposes: 'any' });
    expect(provisionOf(permit({ purpose: [treatOrElse, purposesOf('HPAYMT')].flat() }))).toMatchObject({ purposes: ['HPAYMT'] });
  });

  it('forbids what is anchored on a day wherever that day is, and permits it where it is everywhere', () => {
    const modifierExtension = [{ url: EXTENSION.anchored, valuePeriod: { start: '2026-05-01', end: '2026-05-31' } }];
    expect(provisionOf(deny({ modifierExtension }))).toMatchObject({
      recordPeriod: { from: '2026-04-30T10:00:00.000Z', until: '2026-06-01T12:00:00.000Z' },
    });
    expect(provisionOf(permit({ modifierExtension }))).toMatchObject({
      recordPeriod: { from: '2026-05-01T12:00:00.000Z', until: '2026-05-31T10:00:00.000Z' },
    });
  });

  it('forbids by the stricter labels what it forbids by one, and permits by the one alone', () => {
    const securityLabel = [{ system: CONFIDENTIALITY, code: 'N' }];
    expect(read(deny({ securityLabel }))).toMatchObject({
      grants: [{ provisions: [{ confidentiality: ['N', 'R', 'V'] }] }, {}],
      remarks: ['stricter-labels-forbidden'],
    });
    expect(read(permit({ securityLabel }))).toMatchObject({ grants: [{ provisions: [{ confidentiality: ['N'] }] }], remarks: [] });
    expect(read(deny({ securityLabel: [{ system: CONFIDENTIALITY, code: 'V' }] })).remarks).toEqual([]);
  });

  it('is for those who receive', () => {
    expect(read(permit({ actor: actorsOf('Practitioner/1') })).grants).toMatchObject([{ grantee: { name: 'dr-wu' } }]);
    expect(read(permit({ actor: roleOf('PRCP') })).grants).toHaveLength(1);
    expect(read(deny({ securityLabel: [{ system: ACT_CODE, code: 'HIV' }] })).remarks).toEqual(['level-5-forbidden']);
  });
});
