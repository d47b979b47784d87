import { DomainError } from '@lianyi/domain';
import { openDocument } from '../acting/open-documents';
import { patientParameters } from '../asking/patient-named';
import { binaryOf, disagreementHeader, fhirTextOf, type OpenedBytes, otherTypeOf } from '../resources/opened-document';
import { attachmentIn } from '../resources/wrapped-attachment';
import { askerOf } from './asker-of';
import { recordNamed } from './find-documents';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const ANY = ['', '*/*', 'application/*', 'application/octet-stream'];
const AS_FHIR = ['application/fhir+json', 'application/json'];
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,127}$/;

/**
 * The document itself: asked for, decided, committed, and then the very bytes that were published, under the media type of what they are. What was published
 * inside of its DocumentReference comes as it was to who asks for its own media type; what is no FHIR, to who asks for FHIR, in a Binary.
 *
 * @remarks Source: IHE ITI MHD §3.68; https://hl7.org/fhir/R4/binary.html#rest.
 */
async function retrieve(call: FacadeCall): Promise<FacadeAnswer> {
  const { recordId, pseudonym } = recordNamed(call);
  const opened = await openDocument(askerOf(call), pseudonym, recordId);
  const types = call.accept.split(',').map(bareTypeOf);
  const text = await fhirTextOf(opened, call.checkFhir);
  const answer = text === undefined ? otherThanFhir(opened, types) : fhirDocument(opened, text, types);
  return { ...answer, headers: { ...answer.headers, ...disagreementHeader([[recordId, opened]]) } };
}

function bareTypeOf(type: string): string {
  return type.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws DomainError `FORMAT_NOT_OFFERED` */
function fhirDocument({ bytes }: OpenedBytes, text: string, types: readonly string[]): FacadeAnswer {
  const attachment = attachmentIn(text);
  const own = bareTypeOf(attachment?.contentType ?? '');
  if (attachment !== undefined && types.includes(own) && MEDIA_TYPE.test(own) && !isOfFhir(own)) return asFile(attachment.bytes, own);
  if (!types.some((type) => ANY.includes(type) || AS_FHIR.includes(type))) throw new DomainError('FORMAT_NOT_OFFERED');
  return { bytes };
}

/** What is inside nobody has held against FHIR: under such a type it would be what this facade vouches for. */
function isOfFhir(type: string): boolean {
  return type.includes('fhir') || type === 'application/json' || type === 'text/json';
}

/** @throws DomainError `FORMAT_NOT_OFFERED` */
function otherThanFhir(opened: OpenedBytes, types: readonly string[]): FacadeAnswer {
  const contentType = otherTypeOf(opened);
  if (types.some((type) => ANY.includes(type) || type === bareTypeOf(contentType))) return asFile(opened.bytes, contentType);
  if (!types.some((type) => AS_FHIR.includes(type))) throw new DomainError('FORMAT_NOT_OFFERED');
  return { bytes: Buffer.from(JSON.stringify(binaryOf(opened))) };
}

/** As a file, so that no browser shows it under the facade's own name. */
function asFile(bytes: Uint8Array, contentType: string): FacadeAnswer {
  return { bytes, contentType, headers: { 'content-disposition': 'attachment' } };
}

export const retrievalInteractions: readonly Interaction[] = [
  {
    ...{ name: 'ITI-68', method: 'GET', path: '/Binary/:id', type: 'Binary', does: { interaction: 'read' }, gives: 'documents' },
    ...{ scope: { type: 'Binary', letter: 'r' }, takesPurpose: true, takesBody: false, parameters: patientParameters, run: retrieve },
  },
];
