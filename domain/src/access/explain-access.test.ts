import { explainAccess, refusalOfAsker } from '../deciding';
import { type AccessExplanation, accessSources, staffSchema } from '../index';
import { A, B, cardiology, facts, forbid, grant, hours, lin, NOW, origin, permit, question, record, revoked } from '../story.fixture';

const saying = ({ sources }: AccessExplanation, wanted: AccessExplanation['sources'][number]['source']): object | undefined =>
  sources.find(({ source }) => source === wanted);
const department = { kind: 'department', mspId: B, name: 'cardiology' };
const organisation = { kind: 'organisation', mspId: B, name: 'all' };

describe('what a decision comes from', () => {
  it('is the prohibition that denies, of which version of whose grant', () => {
    const told = explainAccess(
      question(),
      facts([grant([permit(), forbid({ provisionId: 'd7' })], 'department', { version: 3 }), grant([permit()], 'person')]),
    );
    expect(told.decision).toEqual({ effect: 'deny', reasons: ['DENIED_BY_PROVISION'] });
    expect(saying(told, 'prohibitions')).toEqual({
      source: 'prohibitions',
      denials: ['DENIED_BY_PROVISION'],
      forbiddenBy: [{ provisionId: 'd7', grantVersion: { grantee: department, version: 3 } }],
    });
  });
  it('is every prohibition that denies, and none that is about something else', () => {
    const told = explainAccess(
      question(),
      facts([
        grant([forbid({ provisionId: 'all' }), forbid({ provisionId: 'research', purposes: ['HRESCH'] })]),
        grant([forbid({ provisionId: 'labs', classes: ['laboratory-report'] })], 'organisation'),
        grant([forbid({ provisionId: 'elsewhere' })], { kind: 'department', mspId: B, name: 'oncology' }),
      ]),
    );
    expect(saying(told, 'prohibitions')).toMatchObject({ forbiddenBy: [{ provisionId: 'all' }, { provisionId: 'labs' }] });
  });
  it('is nothing of a prohibition that is revoked: that the grant was is all', () => {
    const told = explainAccess(question(), facts([revoked([forbid()])]));
    expect(saying(told, 'prohibitions')).toEqual({ source: 'prohibitions' });
    expect(saying(told, 'grants')).toEqual({
      source: 'grants',
      addressed: true,
      remarks: ['POLICY_REVOKED'],
      revoked: [{ grantee: department, version: 2 }],
    });
  });
  it('is what each permission lacks, the nearest and the others', () => {
    const told = explainAccess(
      question({ purpose: 'PATRQT' }),
      facts([grant([permit(), permit({ provisionId: 'p2', validUntil: hours(-1), validFrom: hours(-2), confidentiality: ['V'] })])]),
    );
    expect(told.decision).toEqual({ effect: 'deny', reasons: ['PURPOSE_NOT_ALLOWED'] });
    const grantVersion = { grantee: department, version: 1 };
    expect(saying(told, 'grants')).toMatchObject({
      shortfalls: [
        { provisionId: 'p1', grantVersion, lacks: ['PURPOSE_NOT_ALLOWED'] },
        { provisionId: 'p2', grantVersion, lacks: ['EXPIRED', 'PURPOSE_NOT_ALLOWED', 'LABEL_NOT_COVERED'] },
      ],
    });
  });
  it('is what permits, and the prohibition that ends it', () => {
    const told = explainAccess(
      question(),
      facts([grant([permit({ uses: 2 })]), grant([forbid({ validFrom: hours(1) })], 'organisation', { version: 2 })]),
    );
    expect(told.decision).toMatchObject({ effect: 'permit', until: hours(1) });
    expect(saying(told, 'grants')).toMatchObject({ bases: [{ provisionId: 'p1', until: hours(24), isCounted: true }] });
    expect(saying(told, 'prohibitions')).toMatchObject({
      ends: [{ provisionId: 'd1', grantVersion: { grantee: organisation, version: 2 }, at: hours(1) }],
    });
  });
  it('is of the default policy no grant', () => {
    const told = explainAccess(question({ actor: { ...question().actor, mspId: A } }), facts([]));
    expect(saying(told, 'defaultPolicy')).toEqual({ source: 'defaultPolicy', addressed: true, bases: [{ provisionId: 'default' }] });
  });
  it.each<readonly [string, Parameters<typeof question>[0], Parameters<typeof facts>[1], object]>([
    ['the purpose', { purpose: 'EMPLOYMENT' }, {}, { source: 'purpose', refusal: 'PURPOSE_NEVER_OPENS' }],
    ['the retraction', { record: { ...record, state: 'retracted' } }, {}, { source: 'retraction', denials: ['RECORD_RETRACTED'] }],
    ['the relationship', {}, { relationship: undefined }, { source: 'relationship', denials: ['RELATIONSHIP_NOT_ACTIVE'] }],
  ])('is no provision where it is %s', (_what, asked, known, said) => {
    const told = explainAccess(question(asked), facts([grant([permit()])], known));
    expect(told.decision.effect).toBe('deny');
    expect(told.sources).toContainEqual(said);
    expect(JSON.stringify(told.sources)).not.toContain('forbiddenBy');
  });
  it('is said of a record that the ledger does not know as unknown, and of one without consent as known', () => {
    const denial = { effect: 'deny', reasons: ['NO_CONSENT'] };
    expect(explainAccess(question({ record: undefined }), facts([grant([permit()])]))).toEqual({
      decision: denial,
      isRecordKnown: false,
      sources: accessSources.map((source) => ({ source })),
    });
    expect(explainAccess(question(), facts([]))).toMatchObject({ decision: denial, isRecordKnown: true });
  });
});

describe('who would ask', () => {
  const staff = staffSchema.parse({
    schemaVersion: 1,
    mspId: B,
    actorTag: lin,
    roles: ['clinician'],
    departments: ['cardiology'],
    publicKeyHash: origin.requestHash,
    dutyWindows: [],
    state: 'active',
    registeredAt: NOW,
    changedAt: NOW,
    origin,
  });
  const asker = { staff, organisation: { status: 'active' as const }, department: cardiology };

  it('is asked about as the ledger has them', () => {
    expect(refusalOfAsker(asker, NOW)).toBeUndefined();
  });
  it.each<readonly [string, Parameters<typeof refusalOfAsker>[0], string]>([
    ['is revoked', { ...asker, staff: { ...staff, state: 'revoked' } }, 'STAFF_REVOKED'],
    ['is pending', { ...asker, staff: { ...staff, state: 'pending' } }, 'STAFF_PENDING'],
    ['is off duty', { ...asker, staff: { ...staff, dutyWindows: [{ from: hours(1), until: hours(2) }] } }, 'OFF_DUTY'],
    ['is of a suspended organisation', { ...asker, organisation: { status: 'suspended' } }, 'NOT_ACTIVE_ORGANISATION'],
    ['is of no organisation', { ...asker, organisation: undefined }, 'NOT_ACTIVE_ORGANISATION'],
    ['has no role that asks', { ...asker, staff: { ...staff, roles: ['registrar', 'privacyOfficer'] } }, 'NOT_PERMITTED'],
    ['is not of the department', { ...asker, staff: { ...staff, departments: [] } }, 'NOT_PERMITTED'],
  ])('would be refused who %s', (_why, told, code) => {
    expect(refusalOfAsker(told, NOW)).toBe(code);
  });
  it('is on duty when they are', () => {
    const onDutyLater = { ...asker, staff: { ...staff, dutyWindows: [{ from: hours(1), until: hours(2) }] } };
    expect(refusalOfAsker(onDutyLater, hours(1))).toBeUndefined();
  });
});
