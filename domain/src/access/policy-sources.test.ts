import { factsNeededFor, type FactKey } from '../deciding';
import { denyReasonCodes, type DenyReason, provisionIdSchema } from '../index';
import { combineVerdicts } from './combine';
import { SILENT, type Verdict } from './sources/policy-source';
import { A, B, cardiologist, hours } from '../story.fixture';

const provisionId = provisionIdSchema.parse('p1');
const permits: Verdict = { addressed: true, permits: [{ provisionId, until: hours(2) }] };
const lacking = (...lacks: readonly DenyReason[]): NonNullable<Verdict['shortfalls']>[number] => ({ provisionId, lacks });
const rule = (...verdicts: readonly Verdict[]): unknown => combineVerdicts(verdicts);

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
  it('says nothing of copies with a denial', () => {
    const viewed: Verdict = { ...permits, obligations: [{ handling: 'view' }] };
    expect(rule(viewed)).toMatchObject({ effect: 'permit', copy: { handling: 'view' } });
    expect(rule(viewed, { denials: ['EXPIRED'] })).toStrictEqual({ effect: 'deny', reasons: ['EXPIRED'] });
  });
});

describe('the entries a decision needs', () => {
  const spell = (keys: readonly FactKey[]): string[] =>
    keys.map((key) => (key.kind === 'grant' ? `grant ${key.grantee.kind}` : `${key.kind} ${'name' in key ? key.name : key.mspId}`)).sort();

  it('are, each once, the grants of the asker, what the members have set, what is approved for them, and the relationship', () => {
    expect(spell(factsNeededFor({ actor: cardiologist, custodianMspId: A }))).toEqual([
      `approval ${B}`,
      ...['grant department', 'grant organisation', 'grant person', 'grant role'],
      ...['parameter default-policies', 'parameter level-approvers'],
      `relationship ${A}`,
    ]);
  });
  it('are as many for a stand-in as for a record that exists', () => {
    const [standIn, existing] = [B, A].map((custodianMspId) => factsNeededFor({ actor: cardiologist, custodianMspId }));
    expect(standIn).toHaveLength(existing?.length ?? 0);
  });
});
