import { z } from 'zod';
import { hashOfJson } from '../crypto/sha256';
import { saltSchema, type Sha256 } from '../encoding/values';
import { type Pseudonym } from '../ids';
import { addMilliseconds, type Instant, instantSchema } from '../instant';

/** What two registrars were shown of a minor and a parent. It stays with the hospital; the ledger has a salted hash of it. */
export const guardianshipEvidenceSchema = z.strictObject({
  /** The child's date of birth, as the document has it. */
  birthDate: z.iso.date(),
  /** Which documents were shown, in the hospital's own words. */
  shown: z.string().min(1).max(512),
  salt: saltSchema,
});
export type GuardianshipEvidence = z.output<typeof guardianshipEvidenceSchema>;

/** The commitment that the ledger keeps: of this evidence, for this child. Without the salt nobody finds the date by trying all. */
export function evidenceCommitment(pseudonym: Pseudonym, evidence: GuardianshipEvidence): Sha256 {
  return hashOfJson(['lianyi/guardianship/v1', pseudonym, evidence.birthDate, evidence.shown, evidence.salt]);
}

/** Full years at which a person is of age (Civil Code of the People's Republic of China, article 17). */
const AGE_OF_MAJORITY = 18;
/** Calendar dates are China's, which has one time zone, UTC+08:00, and no summer time (IANA Asia/Shanghai since 1992). */
const AHEAD_OF_UTC_MS = 8 * 3_600_000;

/**
 * The instant from which somebody is of age: 00:00 in China (UTC+08:00) of the day 18 years after the date of birth. Who was born on 29
 * February is of age on 1 March where that year has no 29 February: never before 18 years are full.
 *
 * @param birthDate - `YYYY-MM-DD`, a day of the calendar
 */
export function comesOfAgeAt(birthDate: string): Instant {
  const year = String(Number(birthDate.slice(0, 4)) + AGE_OF_MAJORITY).padStart(4, '0');
  const sameDay = `${year}${birthDate.slice(4)}`;
  const day = z.iso.date().safeParse(sameDay).success ? sameDay : `${year}-03-01`;
  return addMilliseconds(instantSchema.parse(`${day}T00:00:00.000Z`), -AHEAD_OF_UTC_MS);
}
