import { type OpenedDocument } from '@lianyi/client';
import { checkDocument } from '@lianyi/documents';
import { isResource } from '@lianyi/documents/json-object';
import { DomainError, type Json } from '@lianyi/domain';
import { type GraphSource, PATIENT_SOURCE } from '@lianyi/graph';

/**
 * A document as the graph takes it: FHIR, held once more against the standard, whoever has published it.
 * @throws {@link DomainError} `DOCUMENT_OTHER_FORMAT` — it is no FHIR; as {@link checkDocument}
 */
export function graphSourceOf({ bytes, record, disagreement, authoredBy }: OpenedDocument, custodian: string): GraphSource {
  if (record.format !== 'fhir-r4-json') throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { format: record.format });
  checkDocument(bytes);
  const resource = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json; // the check has read it strictly
  if (!isResource(resource)) throw new DomainError('DOCUMENT_NOT_FHIR');
  return {
    ...{ recordId: record.recordId, version: record.version, resource },
    custodian: authoredBy?.by === 'patient' ? PATIENT_SOURCE : custodian,
    ...(disagreement === 'none' ? {} : { disagreement }),
  };
}
