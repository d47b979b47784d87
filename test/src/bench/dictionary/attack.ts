import { hash } from 'node:crypto';
import { canonicalJson } from '@lianyi/domain';
import { type Haystack } from './haystack';

/** A guessed number that stands on the ledger, and in which form. */
export interface Hit {
  readonly number: string;
  readonly form: string;
}

/** A value that somebody may have made of a number, and how. */
export type Form = readonly [form: string, value: Buffer];

/**
 * What a programmer might have made of a number without a secret: the number itself, its hash, and the hash of the number with its system, in
 * the spellings that this project uses elsewhere.
 */
export function formsOf(number: string, system: string): readonly Form[] {
  const digest = (algorithm: string, text: string): Buffer => hash(algorithm, text, 'buffer');
  return [
    ['plain', Buffer.from(number)],
    ['sha256(number)', digest('sha256', number)],
    ['sha256("number")', digest('sha256', `"${number}"`)],
    ['sha256(json)', digest('sha256', canonicalJson({ system, value: number }))],
    ['sha256(system:number)', digest('sha256', `${system}:${number}`)],
    ['sha1(number)', digest('sha1', number)],
    ['md5(number)', digest('md5', number)],
  ];
}

/** Tries every guess in every form. */
export function dictionaryAttack(haystack: Haystack, numbers: Iterable<string>, forms: (number: string) => Iterable<Form>): readonly Hit[] {
  const hits: Hit[] = [];
  for (const number of numbers) {
    for (const [form, value] of forms(number)) if (haystack.has(value)) hits.push({ number, form });
  }
  return hits;
}
