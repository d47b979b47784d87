import { encounterIdSchema, sha256 } from '@lianyi/domain';
import { isPreparedFor } from './is-prepared-for';
import { type KeptPreparation } from './preparations';
import { inputFor, nonce } from './record-service.fixture';

describe('a preparation', () => {
  const document = Buffer.from('{}');
  const march = { careMonths: { first: '2026-03', last: '2026-03' }, encounter: encounterIdSchema.parse('e-1') };
  // no more of it is looked at, for a document without a device
  const prepared = (input: object): KeptPreparation =>
    ({ isOf: (hash: string) => hash === sha256(document), input }) as unknown as KeptPreparation;

  it('is for what it was asked to say of the care', () => {
    expect(isPreparedFor(prepared({ nonce, ...march }), inputFor(document, { nonce, care: march }), {})).toBe(true);
    expect(isPreparedFor(prepared({ nonce }), inputFor(document), {})).toBe(true);
  });

  it('is not for the same bytes under other labels', () => {
    const said = { format: 'plain-text', class: 'history' };
    expect(isPreparedFor(prepared({ nonce, ...said }), inputFor(document), said)).toBe(true);
    expect(isPreparedFor(prepared({ nonce, ...said, class: 'other' }), inputFor(document), said)).toBe(false);
  });

  it.each<readonly [string, object, object]>([
    ['another encounter', march, { ...march, encounter: 'e-2' }],
    ['other months', march, { ...march, careMonths: { first: '2026-02', last: '2026-03' } }],
    ['no encounter', march, { careMonths: march.careMonths }],
    ['no months', march, { encounter: march.encounter }],
    ['none of it', march, {}],
    ['more than was said', {}, march],
  ])('is not for %s', (_what, said, care) => {
    expect(isPreparedFor(prepared({ nonce, ...said }), inputFor(document, { nonce, care }), {})).toBe(false);
  });
});
