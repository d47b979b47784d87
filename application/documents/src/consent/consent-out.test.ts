import fc from 'fast-check';
import { consentPurposes, DomainError, type Grant, grantSchema, type Json, recordClasses, sha256 } from '@lianyi/domain';
import { read } from './consent.fixture';
import { consentIn, consentOut } from './index';
import { checkDocument } from '../check-document';

const origin = { requestHash: sha256('request'), actor: { kind: 'patient', pseudonym: 'psn-1' } };
const at = (day: number): string => new Date(Date.UTC(2026, 4, 1) + day * 86_400_000 + 123).toISOString();
const grantOf = (provisions: readonly object[], changes: object = {}): Grant =>
  grantSchema.parse({
    ...{ schemaVersion: 1, pseudonym: 'psn-1', version: 1, state: 'active', provisions, grantedAt: at(0), changedAt: at(0), origin },
    grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' },
    ...changes,
  });

const some = <Value>(...values: readonly Value[]): fc.Arbitrary<Value[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const maybe = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> => fc.record(fields, { requiredKeys: [] });
const shared = fc
  .tuple(
    maybe({
      classes: some(...recordClasses),
      confidentiality: some('U', 'N', 'R', 'V'),
      careMonths: fc.constantFrom({ first: '2024-02', last: '2024-02' }, { first: '2023-11', last: '2024-04' }),
      recordPeriod: fc.constantFrom({ from: at(-9), until: at(-3) }, { from: at(-8), until: at(-7) }),
    }),
    fc.oneof(
      fc.constant({}),
      fc.record({ authorMspIds: some('HospitalAMSP', 'HospitalBMSP') }),
      fc.record({ recordIds: some('rec-1', 'rec-2') }),
      fc.record({ encounters: some('enc-1', 'enc-2') }),
    ),
    fc.record({ purposes: fc.oneof(fc.constant('any'), some(...consentPurposes)), validFrom: fc.integer({ min: 0, max: 3 }).map(at) }),
  )
  .map((parts) => Object.assign({}, ...parts) as object);
const until = fc.integer({ min: 4, max: 9 }).map(at);
const level = fc.integer({ min: 1, max: 5 });
const eraseAt = fc.integer({ min: 9, max: 30 }).map(at);
const copies = fc.oneof(
  maybe({ handling: fc.constant('view'), eraseAt }),
  maybe({ handling: fc.constant('store'), eraseAt, onward: fc.constant(true) }),
);
const provision = fc.oneof(
  fc.tuple(
    shared,
    fc.record({ effect: fc.constant('permit'), validUntil: until }),
    maybe({ maxDataLevel: level, uses: fc.integer({ min: 1, max: 1_000 }) }),
    copies,
  ),
  fc.tuple(shared, fc.record({ effect: fc.constant('deny') }), maybe({ minDataLevel: level, validUntil: until })),
);
const grants = fc
  .array(provision, { minLength: 1, maxLength: 5 })
  .map((all) => grantOf(all.map((parts, index) => ({ provisionId: `p${index + 1}`, ...(Object.assign({}, ...parts) as object) }))));
const withoutNull = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

describe('a grant as a FHIR Consent', () => {
  it('is read again as it was, whatever it says', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        const { grants: again, remarks } = read(withoutNull(consentOut(grant)));
        expect(again).toEqual([{ grantee: grant.grantee, provisions: grant.provisions }]);
        expect(remarks).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const evidence = { wording: { name: 'lianyi-consent', version: 1 }, language: 'zh', formSha256: sha256('the text'), ceremony: 'paper' };
  const permission = { effect: 'permit', provisionId: 'p1', purposes: ['TREAT'], validFrom: at(0), validUntil: at(4) };
  const withEvidence = (): Json => withoutNull(consentOut(grantOf([permission], { evidence })));

  it('carries what was shown to who agreed, and is read again with it', () => {
    const consent = withEvidence();
    expect(consent).toMatchObject({
      policy: [{ uri: 'urn:lianyi:consent-wording:lianyi-consent:1' }],
      sourceAttachment: { language: 'zh' },
      verification: [{ verified: true, verificationDate: at(0) }],
    });
    expect(checkDocument(Buffer.from(JSON.stringify(consent))).class).toBe('consent-document');
    expect(read(consent)).toMatchObject({ evidence, remarks: [] });
    expect(read(withoutNull(consentOut(grantOf([permission]))))).not.toHaveProperty('evidence');
  });

  it.each<readonly [string, { readonly [name: string]: Json }]>([
    ['a hash and a ceremony without a wording', { policy: [] }],
    ['a wording alone', { sourceAttachment: {}, verification: [] }],
    ['a wording without a version', { policy: [{ uri: 'urn:lianyi:consent-wording:lianyi-consent' }] }],
    ['a wording with more behind it', { policy: [{ uri: 'urn:lianyi:consent-wording:lianyi-consent:1:2' }] }],
    ['two wordings', { policy: [{ uri: 'urn:lianyi:consent-wording:a:1' }, { uri: 'urn:lianyi:consent-wording:b:1' }] }],
    [
      'a language that it is not written in',
      { sourceAttachment: { language: 'fr', extension: [{ url: 'urn:lianyi:form-sha256', valueString: evidence.formSha256 }] } },
    ],
    ['a hash that is none', { sourceAttachment: { language: 'zh', extension: [{ url: 'urn:lianyi:form-sha256', valueString: 'abc' }] } }],
    [
      'a ceremony that is none',
      { verification: [{ verified: true, extension: [{ url: 'urn:lianyi:ceremony', valueCode: 'telephone' }] }] },
    ],
  ])('is refused with evidence of %s', (_what, changes) => {
    const consent = { ...(withEvidence() as { readonly [name: string]: Json }), ...changes };
    expect(() => read(consent)).toThrow(
      expect.objectContaining({ code: 'CONSENT_NOT_EXPRESSIBLE', details: { what: 'evidence', path: 'policy' } }) as Error,
    );
  });

  it('is read without what another house keeps as evidence', () => {
    const others = { policy: [{ uri: 'urn:elsewhere' }], sourceAttachment: { title: 'a scan' }, verification: [{ verified: true }] };
    const consent = { ...(withoutNull(consentOut(grantOf([permission]))) as { readonly [name: string]: Json }), ...others };
    expect(read(consent)).not.toHaveProperty('evidence');
  });

  it('is a resource that FHIR R4 takes', () => {
    fc.assert(
      fc.property(grants, (grant) => {
        expect(checkDocument(Buffer.from(JSON.stringify(consentOut(grant)))).class).toBe('consent-document');
      }),
      { numRuns: 50 },
    );
  });

  it('needs nobody to say what its identifiers mean', () => {
    const consent = consentOut(grantOf([{ effect: 'deny', provisionId: 'p1', purposes: 'any', validFrom: at(0), recordIds: ['rec-1'] }]));
    const meanings = { grantees: [], members: [], references: {} };
    const newProvisionId = (): never => 'p1' as never;
    expect(consentIn(withoutNull(consent), { meanings, newProvisionId }).grants).toHaveLength(1);
  });

  it.each<readonly [string, (provision: object) => object]>([
    ['around its provisions', (provision) => ({ ...provision, purpose: [{ code: 'TREAT' }] })],
    ['inside of one', (provision) => ({ ...provision, provision: [{ type: 'permit', provision: [{ type: 'deny' }] }] })],
  ])('is refused when somebody has narrowed it %s', (_what, narrowed) => {
    const permit = { effect: 'permit', provisionId: 'p1', purposes: 'any', validFrom: at(0), validUntil: at(9) };
    const consent = withoutNull(consentOut(grantOf([permit]))) as { readonly provision: object };
    const changed = withoutNull({ ...consent, provision: narrowed(consent.provision) } as never);
    expect(() => read(changed)).toThrow(DomainError);
  });

  it('is inactive when it is revoked, and then grants nothing', () => {
    const permit = { effect: 'permit', provisionId: 'p1', purposes: 'any', validFrom: at(0), validUntil: at(9) };
    const consent = consentOut(grantOf([permit], { state: 'revoked' }));
    expect(consent).toMatchObject({ status: 'inactive' });
    expect(() => read(withoutNull(consent))).toThrow(expect.objectContaining({ details: { what: 'not-active', path: 'status' } }) as Error);
  });

  it.each<readonly [string, object, string]>([
    ['a record and an author at once', { recordIds: ['rec-1'], authorMspIds: ['HospitalAMSP'] }, 'several-kinds-of-data'],
    ['an encounter and a record at once', { recordIds: ['rec-1'], encounters: ['enc-1'] }, 'several-kinds-of-data'],
  ])('is refused for %s, which FHIR would read as either', (_what, scope, what) => {
    const grant = grantOf([{ effect: 'deny', provisionId: 'p1', purposes: 'any', validFrom: at(0), ...scope }]);
    expect(() => consentOut(grant)).toThrow(DomainError);
    expect(() => consentOut(grant)).toThrow(expect.objectContaining({ details: { what, path: 'provisions.0' } }) as Error);
  });

  it('denies what nothing inside permits, with that word and without it, and takes no other word around it', () => {
    type Consent = { readonly [name: string]: Json; readonly provision: { readonly [name: string]: Json } };
    const written = withoutNull(consentOut(grantOf([permission]))) as Consent;
    const around = (type: string): Json => ({ ...written, provision: { type, ...written.provision } });
    expect(read(around('deny')).grants).toEqual(read(written).grants);
    expect(() => read(around('permit'))).toThrow(expect.objectContaining({ code: 'CONSENT_NOT_EXPRESSIBLE' }) as Error);
  });

  it('is refused for a condition that this release does not write down', () => {
    const grant = grantOf([{ effect: 'deny', provisionId: 'p1', purposes: 'any', validFrom: at(0) }]);
    const later = { ...grant, provisions: grant.provisions.map((each) => ({ ...each, weather: 'fair' })) };
    expect(() => consentOut(later)).toThrow(
      expect.objectContaining({ details: { what: 'element', path: 'provisions.0.weather' } }) as Error,
    );
  });
});
