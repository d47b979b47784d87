import { z } from 'zod';
import { nameSchema } from '../ids';
import { bareCodingSchema, MOST_RESULT_CODES, recognitionMarks } from '../record/results';

/**
 * What an examination may cost, in cents. Few amounts, because every member reads which one a question about a patient is of: many items cost the same,
 * so it names none.
 */
export const tariffsCents = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000] as const;
export const tariffSchema = z.union(tariffsCents.map((cents) => z.literal(cents)));
/** As many items of one tariff there are, or none. */
const LEAST_OF_TARIFF = 3;
/** As many fit into a request. */
const MOST_ITEMS = 128;

/** An examination whose results members recognise: what is equal to what, for how long, and by whose mark. */
export const recognisedItemSchema = z.strictObject({
  itemId: nameSchema,
  name: z.strictObject({ en: z.string().min(1).max(64), zh: z.string().min(1).max(64) }),
  /** The code map: a result of any of them is equivalent. */
  codes: z.array(bareCodingSchema).min(1).max(MOST_RESULT_CODES),
  /** A result must be of one of them; empty: of whichever. */
  specimens: z.array(bareCodingSchema).max(MOST_RESULT_CODES),
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
