import { derSequence } from '../crypto/der';
import { missingFieldOf } from './revocation-list-fields';

const part = (tag: number, ...content: number[]): Buffer => Buffer.from([tag, content.length, ...content]);
const FIELDS = {
  version: part(0x02, 1),
  signature: part(0x30, 0x06, 0x01, 0x2a),
  issuer: part(0x30, 0x31, 0x00),
  thisUpdate: part(0x17, 0x30),
  nextUpdate: part(0x18, 0x30),
  revokedCertificates: part(0x30, 0x30, 0x00),
  crlExtensions: part(0xa0, 0x30, 0x00),
};
type Field = keyof typeof FIELDS;
const names = Object.keys(FIELDS) as Field[];
const listOf = (fields: readonly Field[]): Buffer =>
  derSequence(derSequence(...fields.map((field) => FIELDS[field])), part(0x30), part(0x03, 0));

describe('the fields of a revocation list', () => {
  it.each(['version', 'issuer', 'crlExtensions'] as const)('that lacks %s are said to lack it', (field) => {
    expect(missingFieldOf(listOf(names.filter((name) => name !== field)))).toBe(field);
  });

  it('that lacks one of its times, or its algorithm, are not taken for others', () => {
    for (const time of ['thisUpdate', 'nextUpdate'])
      expect(missingFieldOf(listOf(names.filter((name) => name !== time)))).toBe('thisUpdate or nextUpdate');
    // the issuer stands where the algorithm should
    expect(missingFieldOf(listOf(names.filter((name) => name !== 'signature')))).toBe('issuer');
  });

  it('are whole with and without entries', () => {
    expect(missingFieldOf(listOf(names))).toBeUndefined();
    expect(missingFieldOf(listOf(names.filter((name) => name !== 'revokedCertificates')))).toBeUndefined();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no sequence', part(0x02, 1)],
    ['a sequence of something else', derSequence(part(0x02, 1))],
    ['a cut list', listOf(names).subarray(0, 20)],
    ['a field more', derSequence(derSequence(...names.map((name) => FIELDS[name]), part(0x02, 1)))],
  ])('%s is no list', (_what, bytes) => {
    expect(missingFieldOf(bytes)).toMatch(/^(tbsCertList|crlExtensions)$/);
  });
});
