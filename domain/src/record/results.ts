import { z } from 'zod';
import { instantSchema } from '../instant';

/**
 * A code with the system that defines it, in its bare spelling: no scheme, no `urn:oid:`, lower case, no slash at the end, so that one system has one
 * name (`loinc.org`, `2.16.156.10011.2.3.1.4`).
 */
export const bareCodingSchema = z.strictObject({
  system: z.string().regex(/^[a-z0-9](?:[a-z0-9./:_-]{0,126}[a-z0-9])?$/),
  code: z.string().regex(/^[!-~]{1,64}$/),
});
/** Who recognises an examination (检查检验互认标识, “HR”): who bears the widest mark bears the narrower ones. */
export const recognitionMarks = ['municipal', 'provincial', 'national'] as const;

/** How many results of one document are kept, at most, and how many codes of one. */
export const MOST_RESULTS = 64;
export const MOST_RESULT_CODES = 8;

/** What was examined, on what, when, and who recognises it; never what came of it. */
export const resultKindSchema = z.strictObject({
  codes: z.array(bareCodingSchema).min(1).max(MOST_RESULT_CODES),
  specimens: z.array(bareCodingSchema).max(MOST_RESULT_CODES),
  /** When what was examined was so; of a day alone, the earliest moment that it may mean. */
  at: instantSchema,
  /** The widest. */
  mark: z.enum(recognitionMarks).exactOptional(),
});

export type BareCoding = z.output<typeof bareCodingSchema>;
export type RecognitionMark = (typeof recognitionMarks)[number];
export type ResultKind = z.output<typeof resultKindSchema>;
