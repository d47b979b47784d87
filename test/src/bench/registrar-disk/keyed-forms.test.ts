import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { dictionaryAttack } from '../dictionary/attack';
import { Haystack } from '../dictionary/haystack';
import { guesses } from '../dictionary/national-ids';
import { keyedForms } from './keyed-forms';

const SYSTEM = 'national-id';
const [number = '', ...others] = guesses('310101', 50);
const [key, salt, foreign] = [randomBytes(32), randomBytes(16), randomBytes(32)];
const forms = keyedForms({ system: SYSTEM, mspIds: ['HospitalAMSP', 'HospitalBMSP'], keys: [randomBytes(32), key], salts: [salt] });

/** As ADR 0037 says it, without the program that is tested. */
function linkId(secret: Buffer, mspId: string): Buffer {
  const linkKey = new Uint8Array(hkdfSync('sha256', secret, '', 'lianyi/link-id/v1', 32));
  const text = `{"mspId":"${mspId}","system":"${SYSTEM}","t":"lianyi/link-id/v1","value":"${number}"}`;
  return createHmac('sha256', linkKey).update(text).digest();
}
const tried = (stolen: Buffer): readonly string[] =>
  dictionaryAttack(new Haystack([randomBytes(512), stolen]), [...others, number], forms).map(({ form }) => form);

describe('what a disk’s keys and salts make of a number', () => {
  it.each<readonly [string, Buffer]>([
    ['sha256(number)', createHash('sha256').update(number).digest()],
    ['hmac(key, number)', createHmac('sha256', key).update(number).digest()],
    ['hmac(key, json)', createHmac('sha256', key).update(`{"system":"${SYSTEM}","value":"${number}"}`).digest()],
    ['link id of HospitalBMSP', linkId(key, 'HospitalBMSP')],
    ['sha256(salt number)', createHash('sha256').update(salt).update(number).digest()],
    ['hmac(salt, number)', createHmac('sha256', salt).update(number).digest()],
  ])('is found as %s', (form, value) => {
    expect(tried(value)).toEqual([form]);
  });

  it.each<readonly [string, Buffer]>([
    ['a key that is not there', linkId(foreign, 'HospitalBMSP')],
    ['a hospital that is none', linkId(key, 'HospitalCMSP')],
    ['a salt that is not there', createHash('sha256').update(foreign).update(number).digest()],
  ])('is not found by %s', (_what, value) => {
    expect(tried(value)).toEqual([]);
  });

  it('is told from numbers that begin and end alike', () => {
    const [one = '', other = ''] = [...others].slice(0, 2);
    expect(tried(Buffer.from(`${number.slice(0, 12)} ${number.slice(6)} ${one.slice(0, 17)} ${other.slice(1)}`))).toEqual([]);
    expect(tried(Buffer.from(`x${number}`))).toEqual(['plain']);
  });
});
