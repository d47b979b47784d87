import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AccessQuestion,
  actorTagSchema,
  departmentSchema,
  encounterIdSchema,
  type GrantFacts,
  instantSchema,
  type Json,
  mspIdSchema,
  provisionSchema,
  recordIdSchema,
} from '@lianyi/domain';
import { decideAccess, initialSetting, policiesOf } from '@lianyi/domain/deciding';
import { describeUnless } from '@lianyi/test/describe-unless';
import { cardiology, read } from './consent.fixture';

const folder = join(__dirname, '../../../../../shared/data/fhir/consent');
const [A, B] = ['HospitalAMSP', 'HospitalBMSP'].map((id) => mspIdSchema.parse(id));
const observations = ['weight', 'weight-2', 'bloodPressure', 'bloodSugar', 'alcoholUse'];
const meanings = {
  references: {
    ...Object.fromEntries(observations.map((name) => [`Observation/ex-${name}`, { records: [`rec-${name}`] }])),
    'Encounter/ex-encounter': { encounter: 'enc-1' },
    'Practitioner/ex-practitioner': { records: ['rec-authored'] },
    'Group/ex-privilegedUsers': { grantee: { kind: 'group', mspId: B, name: 'emergency' } },
  },
};
type Asked = { readonly [Name in 'purpose' | 'at']?: string } & {
  readonly record?: Partial<NonNullable<AccessQuestion['record']>>;
  readonly isGrantedElse?: boolean;
};

/** The decision on a cardiologist's question about a record of hospital A, by what the Consent comes to. */
function decided(file: string, asked: Asked): string {
  const consent = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Json;
  const given = instantSchema.parse('2000-01-01T00:00:00.000Z');
  const { grants } = read(consent, meanings);
  const granted = grants.map(({ grantee, provisions }): GrantFacts => {
    const begun = provisions.map((provision) => provisionSchema.parse({ validFrom: given, ...provision }));
    return { grantee, version: 1, state: 'active', provisions: begun };
  });
  const else_ = provisionSchema.parse({
    effect: 'permit',
    provisionId: 'else',
    purposes: 'any',
    validFrom: given,
    validUntil: '2031-01-01T00:00:00.000Z',
  });
  const person = { kind: 'person', mspId: B as never, name: actorTagSchema.parse('dr-lin') } as const;
  const decision = decideAccess(questionOf(asked), {
    relationship: { type: 'care', state: 'active' },
    grants: [
      ...granted,
      ...(asked.isGrantedElse === true ? [{ grantee: person, version: 1, state: 'active' as const, provisions: [else_] }] : []),
    ],
    defaultPolicies: policiesOf('deny-all'),
    levelApprovers: initialSetting('level-approvers').value,
    approval: undefined,
  });
  return decision.effect === 'permit' ? 'permit' : `deny ${decision.reasons.join(' ')}`;
}

function questionOf({ purpose = 'TREAT', at = '2022-08-01T00:00:00.000Z', record = {} }: Asked): AccessQuestion {
  if (A === undefined || B === undefined) throw new Error('two hospitals');
  const department = departmentSchema.parse(cardiology.name);
  const roles = ['clinician', 'recordAdmin', 'researcher'] as const;
  return {
    at: instantSchema.parse(at),
    purpose: purpose as AccessQuestion['purpose'],
    actor: { mspId: B, actorTag: actorTagSchema.parse('dr-lin'), roles, department, departments: [department] },
    record: {
      ...{ recordId: recordIdSchema.parse('rec-1'), class: 'observation', dataLevel: 4, confidentiality: 'N', state: 'current' },
      ...{ custodianMspId: A, authorMspId: A, anchoredAt: instantSchema.parse('2022-07-01T00:00:00.000Z'), ...record },
    },
  };
}

const named = (id: string): Asked => ({ record: { recordId: recordIdSchema.parse(id) } });
const careIn = (first: string, last = first): Asked => ({ record: { careMonths: { first, last } } });
const encounter = encounterIdSchema.parse('enc-1');

describeUnless(existsSync(folder) ? undefined : 'the examples are not here', 'an example of IHE PCF decides as its note says:', () => {
  it.each<readonly [string, string, Asked, string]>([
    ['pcf-basic-treat', 'treatment', {}, 'permit'],
    ['pcf-basic-treat', 'payment', { purpose: 'HPAYMT' }, 'permit'],
    ['pcf-basic-treat', 'operations', { purpose: 'HOPERAT' }, 'permit'],
    ['pcf-basic-treat', 'research', { purpose: 'HRESCH' }, 'deny PURPOSE_NOT_ALLOWED'],
    ['pcf-basic-treat', 'an employer', { purpose: 'EMPLOYMENT' }, 'deny PURPOSE_NEVER_OPENS'],
    ['pcf-provenance-basic-treat', 'treatment', {}, 'not a Consent'],
    ['pcf-basic-reject', 'treatment', {}, 'deny DENIED_BY_PROVISION'],
    ['pcf-basic-reject', 'treatment, granted elsewhere', { isGrantedElse: true }, 'deny DENIED_BY_PROVISION'],
    ['pcf-basic-reject', 'research, of which it does not speak', { purpose: 'HRESCH', isGrantedElse: true }, 'permit'],
    ['pcf-expired-treat', 'treatment before it ends', { at: '2022-12-30T00:00:00.000Z' }, 'permit'],
    ['pcf-expired-treat', 'treatment after it has ended', { at: '2023-01-01T00:00:00.000Z' }, 'deny EXPIRED'],
    ['pcf-intermediate-authoredby', 'what the practitioner has written', named('rec-authored'), 'permit'],
    ['pcf-intermediate-authoredby', 'anything else', {}, 'deny RECORD_NOT_COVERED'],
    ...observations.map((name) => ['pcf-intermediate-data', name, named(`rec-${name}`), 'permit'] as const),
    ['pcf-intermediate-data', 'what is of the encounter', { record: { encounter } }, 'permit'],
    ['pcf-intermediate-data', 'anything else', {}, 'deny RECORD_NOT_COVERED'],
    ['pcf-intermediate-timeframe', 'care in the year', careIn('2022-01', '2022-12'), 'permit'],
    ['pcf-intermediate-timeframe', 'care before', careIn('2021-12'), 'deny RECORD_NOT_COVERED'],
    ['pcf-intermediate-timeframe', 'care beyond', careIn('2022-12', '2023-01'), 'deny RECORD_NOT_COVERED'],
    ['pcf-intermediate-timeframe', 'care of which the time is not said', {}, 'deny RECORD_NOT_COVERED'],
    ['pcf-advanced-normal-restricted', 'what is normal', {}, 'permit'],
    ['pcf-advanced-normal-restricted', 'what is restricted', { record: { confidentiality: 'R' } }, 'permit'],
    ['pcf-advanced-normal-restricted', 'what is very restricted', { record: { confidentiality: 'V' } }, 'deny LABEL_NOT_COVERED'],
    // narrower than the note: a Consent of PCF has no word for the level that needs approval, so that none is given
    [
      'pcf-advanced-normal-restricted',
      'what is of level 5',
      { record: { confidentiality: 'R', dataLevel: 5 } },
      'deny LEVEL_NEEDS_APPROVAL',
    ],
    ['pcf-dissent-break-glass', 'treatment, granted elsewhere', { isGrantedElse: true }, 'deny DENIED_BY_PROVISION'],
    [
      'pcf-dissent-break-glass',
      'emergency treatment, which goes its own way',
      { purpose: 'ETREAT', isGrantedElse: true },
      'deny DENIED_BY_PROVISION',
    ],
    ['hl7-consent', 'treatment while it holds', { at: '2015-12-31T00:00:00.000Z' }, 'permit'],
    ['hl7-consent', 'treatment after', {}, 'deny EXPIRED'],
  ])('%s, asked for %s', (file, _what, asked, expected) => {
    const outcome = (): string => decided(file, asked);
    if (expected === 'not a Consent')
      expect(outcome).toThrow(expect.objectContaining({ details: { what: 'not-a-consent', path: 'resourceType' } }) as Error);
    else expect(outcome()).toBe(expected);
  });
});
