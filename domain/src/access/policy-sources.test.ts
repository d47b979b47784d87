import { factsNeededFor, type FactKey } from '../deciding';
import { denyReasonCodes, type DenyReason, provisionIdSchema } from '../index';
import { combineVerdicts } from './combine';
import { SILENT, type Verdict } from './sources/policy-source';
import { A, B, cardiologist, hours, NOW } from '../story.fixture';

const provisionId = provisionIdSchema.parse('p1');
const permits: Verdict = { addressed: true, permits: [{ provisionId, until: hours(2) }] };
const lacking = (...lacks: readonly DenyReason[]): NonNullable<Verdict['shortfalls']>[number] => ({ provisionId, lacks });
const rule = (...verdicts: readonly Verdict[]): unknown => combineVerdicts(verdicts).decision;

describe('the combiner of the policy sources', () => {
  it('denies when no source says anything', () => {
    expect(rule()).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
    expect(rule(SILENT, SILENT)).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
  });
  it('tells nothing but NO_CONSENT to an actor whom no source addresses', () => {
    expect(rule({ denials: ['RECORD_RETRACTED'] }, { remarks: ['POLICY_REVOKED'] })).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
  });
  it.each(denyReasonCodes)('lets %s beat a permit, whichever comes first', (reason) => {
    expect(rule(permits, { denials: [reason] })).toEqual({ effect: 'deny', reasons: [reason] });
    expect(rule({ denials: [reason] }, permits)).toEqual({ effect: 'deny', reasons: [reason] });
  });
  it('tells the first refusal alone, whatever else is said', () => {
    const refusal: Verdict = { refusal: 'ROLE_MAY_NOT_CLAIM_PURPOSE' };
    expect(rule(permits, { denials: ['EXPIRED'] }, refusal)).toEqual({ effect: 'deny', reasons: ['ROLE_MAY_NOT_CLAIM_PURPOSE'] });
  });
  it('tells the nearest shortfalls of all sources, with the remarks', () => {
    const short: Verdict = { addressed: true, shortfalls: [lacking('EXPIRED', 'LABEL_NOT_COVERED'), lacking('CLASS_NOT_COVERED')] };
    expect(rule(short, { shortfalls: [lacking('PURPOSE_NOT_ALLOWED')], remarks: ['POLICY_REVOKED'] })).toEqual({
      effect: 'deny',
      reasons: ['PURPOSE_NOT_ALLOWED', 'CLASS_NOT_COVERED', 'POLICY_REVOKED'],
    });
  });
  it('ends a permit with the last of its bases, unless a source ends it sooner', () => {
    const longer: Verdict = { permits: [{ provisionId, until: hours(9) }] };
    expect(rule(permits, longer)).toMatchObject({ effect: 'permit', until: hours(9) });
    expect(rule(permits, longer, { ends: [{ provisionId, at: hours(1) }] })).toMatchObject({ effect: 'permit', until: hours(1) });
    expect(rule(permits, { permits: [{ provisionId }] })).not.toHaveProperty('until');
  });
  it('collects no obligation with a denial', () => {
    expect(combineVerdicts([permits, { denials: ['EXPIRED'] }]).obligations).toEqual([]);
  });
});

describe('the entries a decision needs', () => {
  const asker = { at: NOW, actor: cardiologist, purpose: 'TREAT' } as const;
  const labels = { custodianMspId: A };
  const spell = (keys: readonly FactKey[]): string[] =>
    keys.map((key) => (key.kind === 'grant' ? `grant ${key.grantee.kind}` : `${key.kind} ${'name' in key ? key.name : key.mspId}`)).sort();

  it('are the grants of the asker, what the members have set and what is approved for them before the record is known', () => {
    expect(spell(factsNeededFor([asker]))).toEqual([
      `approval ${B}`,
      ...['grant department', 'grant organisation', 'grant person', 'grant role'],
      ...['parameter default-policies', 'parameter level-approvers'],
    ]);
  });
  it('are besides, once it is, the relationship with its custodian', () => {
    expect(spell(factsNeededFor([{ ...asker, labels }], factsNeededFor([asker])))).toEqual([`relationship ${A}`]);
  });
  it('are as many for stand-ins as for a record that exists', () => {
    const standIns = { custodianMspId: B };
    expect(factsNeededFor([{ ...asker, labels: standIns }])).toHaveLength(factsNeededFor([{ ...asker, labels }]).length);
  });
  it('are asked for once, however many records share them', () => {
    expect(
      factsNeededFor([
        { ...asker, labels },
        { ...asker, labels },
      ]),
    ).toEqual(factsNeededFor([{ ...asker, labels }]));
  });
});
