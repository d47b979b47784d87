import { z } from 'zod';
import { nameSchema } from '../ids';
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
export const MOST_RESULTS = 48;
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

/**
 * What an examination may cost, in cents. Few amounts, because every member reads which one a question about a patient is of: many items cost the same,
 * so it names none.
 */
const tariffsCents = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000] as const;
export const tariffSchema = z.union(tariffsCents.map((cents) => z.literal(cents)));
/** As many items of one tariff there are, or none. */
const LEAST_OF_TARIFF = 3;
/** As many fit into a request. */
const MOST_ITEMS = 64;
const MOST_SPECIMENS = 3;

/** An examination whose results members recognise: what is equal to what, for how long, and by whose mark. */
export const recognisedItemSchema = z.strictObject({
  itemId: nameSchema,
  name: z.strictObject({ en: z.string().min(1).max(64), zh: z.string().min(1).max(64) }),
  /** The code map: a result of any of them is equivalent. */
  codes: z.array(bareCodingSchema).min(1).max(MOST_RESULT_CODES),
  /** A result must be of one of them; empty: of whichever. */
  specimens: z.array(bareCodingSchema).max(MOST_SPECIMENS),
  longestDays: z.int().min(1).max(365),
  /** The narrowest that is enough; left out: a result needs none. */
  mark: z.enum(recognitionMarks).exactOptional(),
  priceCents: tariffSchema,
});

export const recognisedItemsSchema = z
  .strictObject({ items: z.array(recognisedItemSchema).max(MOST_ITEMS) })
  .refine(({ items }) => new Set(items.map(({ itemId }) => itemId)).size === items.length, 'repeated item')
  .refine(
    ({ items }) => items.every((item) => items.filter(({ priceCents }) => priceCents === item.priceCents).length >= LEAST_OF_TARIFF),
    'fewer than three items of one tariff: the tariff would name the item',
  );

export type RecognisedItem = z.output<typeof recognisedItemSchema>;
export type RecognisedItems = z.output<typeof recognisedItemsSchema>;
