import { type Disagreement } from '@lianyi/client';
import { DomainError } from '@lianyi/domain';
import { type JsonObject } from '@lianyi/documents/json-object';
import { contentTypeOf, type DocumentFormat } from '@lianyi/documents/media-type';

/** A document as it was opened: the very bytes, and what its hospital has said that they are, which nobody has checked yet. */
export interface OpenedBytes {
  readonly bytes: Uint8Array;
  readonly format: string;
  /** Whether its patient disagrees with it: to be said beside it, however it is handed out. */
  readonly disagreement: Disagreement;
}

/** Refuses what is no FHIR, and tells whether it has an id of its own. @throws DomainError the refusals of `checkDocument` */
export type FhirCheck = (bytes: Buffer) => Promise<{ readonly hasId?: true }>;

const FHIR = 'fhir-r4-json';
/** Of what a format names that this release does not know, and of what calls itself FHIR and is none. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** The media type that a record's format stands for. */
export function mediaTypeOf(format: string | undefined): string {
  return isKnown(format) ? contentTypeOf[format] : UNKNOWN_TYPE;
}

function isKnown(format: string | undefined): format is DocumentFormat {
  return format !== undefined && Object.hasOwn(contentTypeOf, format);
}

/**
 * The text of a document, if it is FHIR by its own bytes and not by what is said of it: its custodian may lie, and one brace too many would end what the
 * text is put into.
 *
 * @returns undefined if it is none
 */
export async function fhirTextOf(opened: OpenedBytes, check: FhirCheck): Promise<string | undefined> {
  return (await checkedTextOf(opened, check))?.text;
}

/** The same, and whether it has an id of its own, which only the check has looked for. */
export async function checkedTextOf(
  { bytes, format }: OpenedBytes,
  check: FhirCheck,
): Promise<{ readonly text: string; readonly hasId: boolean } | undefined> {
  if (format !== FHIR) return undefined;
  const held = Buffer.from(bytes);
  try {
    const { hasId = false } = await check(held);
    return { text: held.toString('utf8'), hasId };
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** The media type of what is no FHIR. */
export function otherTypeOf({ format }: Pick<OpenedBytes, 'format'>): string {
  return format === FHIR ? UNKNOWN_TYPE : mediaTypeOf(format);
}

/** What is no FHIR as FHIR has it: in base64, of which no byte ends anything. */
export function binaryOf(opened: OpenedBytes): JsonObject {
  return { resourceType: 'Binary', contentType: otherTypeOf(opened), data: Buffer.from(opened.bytes).toString('base64') };
}

/** Names the records of an answer with which their patients disagree, or may: beside the documents, whose bytes stay as they were published. */
const DISAGREEMENT_HEADER = 'lianyi-disagreement';

/** The header of an answer that is made of documents; none where no patient has said anything. */
export function disagreementHeader(
  documents: Iterable<readonly [string, Pick<OpenedBytes, 'disagreement'>]>,
): Readonly<Record<string, string>> {
  const told = [...documents].filter(([, { disagreement }]) => disagreement !== 'none');
  return told.length === 0
    ? {}
    : { [DISAGREEMENT_HEADER]: told.map(([recordId, { disagreement }]) => `${recordId}; ${disagreement}`).join(', ') };
}
