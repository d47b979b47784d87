import { generateKeyPairSync, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { curveOrder, derInteger, derSequence, isLowS, parseEcdsaSignature, readDer, lowSForm, toP1363 } from './der';

const ORDER = curveOrder('prime256v1') ?? 0n;

describe('ECDSA signatures in DER', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('are low-S after normalising and still verify', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const low = lowSForm(sign('sha256', message, privateKey), ORDER);
        const parsed = parseEcdsaSignature(low);
        return parsed !== undefined && isLowS(parsed, ORDER) && verify('sha256', message, publicKey, low);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps r and mirrors s at the order', () => {
    const high = derSequence(derInteger(5n), derInteger(ORDER - 7n));
    expect(parseEcdsaSignature(lowSForm(high, ORDER))).toEqual({ r: 5n, s: 7n });
  });

  it('counts half of the order as low and one more as high', () => {
    expect(isLowS({ r: 1n, s: ORDER >> 1n }, ORDER)).toBe(true);
    expect(isLowS({ r: 1n, s: (ORDER >> 1n) + 1n }, ORDER)).toBe(false);
  });

  it('ignores bytes behind the sequence, as Go does', () => {
    const der = derSequence(derInteger(1n), derInteger(2n));
    expect(parseEcdsaSignature(Buffer.concat([der, Buffer.from('00ff', 'hex')]))).toEqual({ r: 1n, s: 2n });
  });

  it.each([
    ['nothing', ''],
    ['another tag', '0206020101020102'],
    ['a zero r', '3006020100020101'],
    ['a negative s', '3006020101020180'],
    ['a padded integer', '300702020001020101'],
    ['a length beyond the end', '3009020101020102'],
    ['a length that is not the shortest', '308106020101020102'],
    ['one integer only', '3003020101'],
  ])('refuses %s', (_, hex) => {
    expect(parseEcdsaSignature(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('refuses r or s beyond the order', () => {
    expect(toP1363({ r: ORDER, s: 1n }, ORDER)).toBeUndefined();
    expect(toP1363({ r: 1n, s: 2n }, ORDER)).toHaveLength(64);
  });

  it('writes integers in the fewest bytes that stay positive', () => {
    expect(derInteger(0n).toString('hex')).toBe('020100');
    expect(derInteger(127n).toString('hex')).toBe('02017f');
    expect(derInteger(128n).toString('hex')).toBe('02020080');
    expect(readDer(derInteger(2n ** 1100n))?.content.length).toBe(138);
  });
});
