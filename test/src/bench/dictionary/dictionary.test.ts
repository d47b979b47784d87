import { randomBytes } from 'node:crypto';
import { dictionaryAttack, type Form, formsOf } from './attack';
import { Haystack } from './haystack';
import { checked, guesses } from './national-ids';

const SYSTEM = 'national-id';
const bare = (guess: string): readonly Form[] => formsOf(guess, SYSTEM);
const noise = (): Buffer => randomBytes(512);
const [number = '', ...others] = guesses('310101', 100);

describe('a guessed national id', () => {
  it('has the check character of the standard’s example', () => {
    // GB 11643-1999, annex: 11010519491231002X
    expect(checked('11010519491231002')).toBe('11010519491231002X');
    expect(new Set(guesses('310101', 3_000)).size).toBe(3_000);
  });
});

describe('the dictionary attack', () => {
  it('finds nothing in noise, nor in what is keyed or salted', () => {
    const salted = formsOf(`${randomBytes(16).toString('hex')}${number}`, SYSTEM).map(([, value]) => value);
    expect(dictionaryAttack(new Haystack([noise(), ...salted.slice(1)]), [number, ...others], bare)).toEqual([]);
  });

  const spellings: readonly (readonly [string, (value: Buffer) => Buffer])[] = [
    ['as bytes', (value) => value],
    ['as base64url', (value) => Buffer.from(value.toString('base64url'))],
    ['as base64url behind other letters', (value) => Buffer.from(`xy${value.toString('base64url')}`)],
    ['as hexadecimal digits', (value) => Buffer.from(value.toString('hex'))],
    ['as base64 in JSON', (value) => Buffer.from(JSON.stringify({ linkId: value.toString('base64') }))],
  ];
  it.each(spellings)('finds a planted one in every form %s, anywhere', (_what, spelled) => {
    for (const [form, value] of formsOf(number, SYSTEM)) {
      const haystack = new Haystack([noise(), Buffer.concat([noise(), spelled(value), noise()])]);
      expect(dictionaryAttack(haystack, [...others, number], bare)).toEqual([{ number, form }]);
    }
  });
});
