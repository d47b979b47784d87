import { z } from 'zod';
import { DomainError } from '../domain-error';
import { nameSchema } from '../ids';

/** The resident identity number of the People's Republic of China (GB 11643-1999), the one system whose numbers have a rule here. */
const NATIONAL_ID = 'national-id';

/** A number by which somebody knows a patient already, and who gave it: `national-id`, `mrn`, `insurance`, or a name of the hospital's own. */
export const identifierSchema = z.strictObject({ system: nameSchema, value: z.string().min(1).max(128) });
export type Identifier = z.output<typeof identifierSchema>;

/** How far a full-width character stands from its ASCII one. */
const FULL_WIDTH = 0xfee0;
// eslint-disable-next-line no-control-regex -- exactly these are meant
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;
/** Weights and check characters of ISO 7064 MOD 11-2, in the order of GB 11643. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * The one spelling of an identifier: without white space at either end, full-width characters (U+FF01 to U+FF5E) as the ASCII ones, and the
 * check character of a national ID in capitals. Everything that is kept or looked up is spelled so. The chaincode checks it, so it goes by
 * fixed code points: what Unicode calls a space or the same character may differ between two peers' Node.
 *
 * @throws {@link DomainError} `IDENTIFIER_INVALID` — empty or with control characters; a national ID of another form, with a date that is
 * none, or whose check character does not fit. No detail repeats the value.
 */
export function spellIdentifier({ system, value }: Identifier): Identifier {
  const ascii = value
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH))
    .replaceAll('\u3000', ' ');
  const spelled = ascii.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (spelled === '' || CONTROLS.test(spelled)) throw invalid('text');
  return { system, value: system === NATIONAL_ID ? spellNationalId(spelled) : spelled };
}

function spellNationalId(value: string): string {
  const spelled = value.replace('x', 'X');
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
