import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, type Json } from '@lianyi/domain';
import { consentOf, read } from './consent.fixture';

const uses = (more: { readonly [name: string]: Json }): Json => [{ url: 'urn:lianyi:uses', ...more }];
const until = '2031-01-01T00:00:00.000Z';

function readOf(effect: 'permit' | 'deny', modifierExtension: Json, data: Json = []): unknown {
  const of = Array.isArray(data) && data.length === 0 ? {} : { data };
  try {
    const [grant] = read(consentOf({ type: effect, modifierExtension, ...of }), {}, until).grants;
    return grant?.provisions.map((provision) => ('uses' in provision ? provision.uses : undefined));
  } catch (error) {
    if (error instanceof DomainError) return String(error.details['what']);
    throw error;
  }
}
const datum = (meaning: string, system: string, value: string): Json => ({ meaning, reference: { identifier: { system, value } } });

describe('how often a permission of a Consent is good', () => {
  it.each([1, 3, 1_000])('is taken as it is said: %i', (count) => {
    expect(readOf('permit', uses({ valuePositiveInt: count }))).toEqual([count]);
  });

  it.each<readonly [string, Json, string]>([
    ['none', uses({ valuePositiveInt: 0 }), 'element'],
    ['less than none', uses({ valuePositiveInt: -1 }), 'element'],
    ['a part of one', uses({ valuePositiveInt: 1.5 }), 'element'],
    ['a text', uses({ valuePositiveInt: '3' }), 'element'],
    ['another kind of value', uses({ valueInteger: 3 }), 'element'],
    ['two numbers', [...(uses({ valuePositiveInt: 3 }) as Json[]), ...(uses({ valuePositiveInt: 4 }) as Json[])], 'element'],
    ['more than anybody gives', uses({ valuePositiveInt: 1_001 }), 'too-many'],
  ])('is refused as %s', (_what, said, refusal) => {
    expect(readOf('permit', said)).toBe(refusal);
  });

  it('is refused of a prohibition', () => {
    expect(readOf('deny', uses({ valuePositiveInt: 3 }))).toBe('uses');
  });

  it('is refused where the Consent comes to several permissions, each of which would be counted by itself', () => {
    const data = [datum('instance', 'urn:lianyi:record', 'rec-1'), datum('authoredby', 'urn:lianyi:msp', 'HospitalAMSP')];
    expect(readOf('permit', uses({ valuePositiveInt: 3 }), data)).toBe('uses');
    expect(readOf('permit', uses({ valuePositiveInt: 3 }), data.slice(0, 1))).toEqual([3]);
  });
});

describe('how often data may be fetched by India’s artefact', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/fhir-consent.md'), 'utf8');
  /** The rows of the table: what is said here, and which field of the artefact is the same thing. */
  const rows = page.split('\n').flatMap((line) => {
    const [, , here, , , artefact] = line.split('|').map((cell) => cell.trim());
    return here === undefined || artefact === undefined ? [] : [{ here, artefact }];
  });

  it.each(['accessMode', 'dateRange', 'dataEraseAt', 'frequency'])(
    'has permission.%s in the table, as something that holds here',
    (field) => {
      const held = rows.filter(({ artefact }) => artefact.includes(`permission.${field}`)).map(({ here }) => here);
      expect(held.join()).toMatch(/`(handling|careMonths|validUntil|uses)`/);
    },
  );

  it('is once of each record, whatever it says: what a Consent then has is one use', () => {
    const [row] = rows.filter(({ artefact }) => artefact.includes('permission.frequency'));
    const [, name = '', count = ''] = /`(\w+)` (\d+)/.exec(row?.artefact ?? '') ?? [];
    expect(readOf('permit', [{ url: `urn:lianyi:${name}`, valuePositiveInt: Number(count) }])).toEqual([1]);
  });
});
