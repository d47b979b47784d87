import { DomainError } from '@lianyi/domain';
import { openDocument } from '../acting/open-documents';
import { patientParameters } from '../asking/patient-named';
import { attachmentIn } from '../resources/wrapped-attachment';
import { askerOf } from './asker-of';
import { recordNamed } from './find-documents';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const AS_PUBLISHED = ['', '*/*', 'application/*', 'application/fhir+json', 'application/json', 'application/octet-stream'];
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,127}$/;

/**
 * The document itself: asked for, decided, committed, and then the very bytes that were published. What was published inside of its DocumentReference comes
 * as it was to who asks for its own media type.
 *
 * @remarks Source: IHE ITI MHD §3.68; https://hl7.org/fhir/R4/binary.html#rest.
 */
async function retrieve(call: FacadeCall): Promise<FacadeAnswer> {
  const { recordId, pseudonym } = recordNamed(call);
  const bytes = await openDocument(askerOf(call), pseudonym, recordId);
  const types = call.accept.split(',').map((type) => type.split(';')[0]?.trim().toLowerCase() ?? '');
  const attachment = attachmentIn(bytes);
  const own = attachment?.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (attachment !== undefined && types.includes(own) && MEDIA_TYPE.test(own))
    return { bytes: attachment.bytes, contentType: own, headers: { 'content-disposition': 'attachment' } };
  if (!types.some((type) => AS_PUBLISHED.includes(type))) throw new DomainError('FORMAT_NOT_OFFERED');
  return { bytes };
}

export const retrievalInteractions: readonly Interaction[] = [
  {
    ...{ name: 'ITI-68', method: 'GET', path: '/Binary/:id', type: 'Binary', does: { interaction: 'read' }, gives: 'documents' },
    ...{ scope: { type: 'Binary', letter: 'r' }, takesPurpose: true, takesBody: false, parameters: patientParameters, run: retrieve },
  },
];
