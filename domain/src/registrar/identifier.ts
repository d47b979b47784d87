import { z } from 'zod';
import { DomainError } from '../domain-error';
import { nameSchema } from '../ids';

/** The resident identity number of the People's Republic of China (GB 11643-1999), the one system whose numbers have a rule here. */
export const NATIONAL_ID = 'national-id';

/** A number by which somebody knows a patient already, and who gave it: `national-id`, `mrn`, `insurance`, or a name of the hospital's own. */
export const identifierSchema = z.strictObject({ system: nameSchema, value: z.string().min(1).max(128) });
export type Identifier = z.output<typeof identifierSchema>;

/** Weights and check characters of ISO 7064 MOD 11-2, in the order of GB 11643. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * The one spelling of an identifier: without white space at either end, full-width characters as the usual ones (NFKC), and the check
 * character of a national ID in capitals. Everything that is kept or looked up is spelled so.
 *
 * @throws {@link DomainError} `IDENTIFIER_INVALID` — empty or with control characters; a national ID of another form, with a date that is
 * none, or whose check character does not fit. No detail repeats the value.
 */
export function spellIdentifier({ system, value }: Identifier): Identifier {
  const spelled = value.normalize('NFKC').trim();
  if (spelled === '' || spelled.length > 128 || /\p{Cc}/u.test(spelled)) throw invalid('text');
  return { system, value: system === NATIONAL_ID ? spellNationalId(spelled) : spelled };
}

function spellNationalId(value: string): string {
  const spelled = value.toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(spelled)) throw invalid('form');
  if (!isDate(spelled.slice(6, 14))) throw invalid('date');
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(spelled[place]), 0);
  if (CHECK_CHARACTERS[sum % CHECK_CHARACTERS.length] !== spelled[17]) throw invalid('check-digit');
  return spelled;
}

/** @param digits - YYYYMMDD */
function isDate(digits: string): boolean {
  const date = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return z.iso.date().safeParse(date).success;
}

function invalid(obstacle: 'text' | 'form' | 'date' | 'check-digit'): DomainError {
  return new DomainError('IDENTIFIER_INVALID', undefined, { obstacle });
}
