import { z } from 'zod';
import { recordClassSchema } from '@lianyi/domain';

/** The media type of each format that a document may have, by the format's name on the ledger; it is sealed into the object's context. */
export const contentTypeOf = {
  'fhir-r4-json': 'application/fhir+json',
  pdf: 'application/pdf',
  'plain-text': 'text/plain; charset=utf-8',
  'hl7-v2': 'application/hl7-v2+er7',
  'cda-r2': 'text/xml',
  dicom: 'application/dicom',
} as const;
export type DocumentFormat = keyof typeof contentTypeOf;

/**
 * What a hospital says of a document that is no FHIR, and so does not say it by itself: its format, which the bytes must bear out, and its
 * labels. Unsaid, it is held as closely as FHIR without a label; what is said may only be stricter.
 */
export const describedSchema = z.strictObject({
  format: z.enum(['pdf', 'plain-text', 'hl7-v2', 'cda-r2', 'dicom']),
  class: recordClassSchema,
  confidentiality: z.enum(['N', 'R', 'V']).exactOptional(),
  dataLevel: z.literal([4, 5]).exactOptional(),
});
export type Described = z.output<typeof describedSchema>;
