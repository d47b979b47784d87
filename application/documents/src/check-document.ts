import { type Confidentiality, type DataCategory, type DataLevel, DomainError, type RecordClass, type ResultKind } from '@lianyi/domain';
import { attachmentsIn } from './attachments';
import { checkDescribed } from './check-described';
import { categoryOfClass, classify } from './classify';
import { displayFitOf, type ProfileMisfit } from './display-profile';
import { assertFhirResource } from './fhir-structure';
import { type AskedCloseness, MARK_NOT_UNDERSTOOD, strictestOf, USUAL_CLOSENESS } from './hl7v2/held-as';
import { meantBy, withoutMark } from './meant-by';
import { contentTypeOf, type Described, type DocumentFormat } from './media-type';
import { assertSize, MAX_DOCUMENT_BYTES, parseDocument } from './parse-document';
import { resultsIn } from './results-in';
import { atLeast, sensitivityOf } from './sensitivity';

/** A document that may be published: its own bytes, untouched, and the coarse labels the ledger will hold. */
export type CheckedDocument = {
  /** The very bytes that were given; they are sealed and come back as they are. */
  readonly bytes: Uint8Array;
  readonly contentType: (typeof contentTypeOf)[DocumentFormat];
  /** Of FHIR; stays inside the member node: the ledger holds the class only. */
  readonly resourceType?: string;
  /** Of FHIR: that it has an id of its own. */
  readonly hasId?: true;
  readonly class: RecordClass;
  readonly category: DataCategory;
  readonly dataLevel: DataLevel;
  readonly confidentiality: Confidentiality;
  readonly format: DocumentFormat;
  readonly displayProfile: string;
  /** Of FHIR, each version of its class's display profile that it does not fit, and where; stays inside the member node. */
  readonly displayMisfits?: readonly ProfileMisfit[];
  /** Of FHIR, what was examined; stays in the private data of the hospital. */
  readonly results?: readonly ResultKind[];
};

/**
 * Checks a document's bytes and finds its labels.
 *
 * @param options - `described`: what the hospital says of a document that is no FHIR; left out: it is FHIR, and says it itself
 * @throws {@link DomainError} `DOCUMENT_EMPTY` · `DOCUMENT_TOO_LARGE` · `DOCUMENT_NOT_UTF8` · `DOCUMENT_NOT_JSON` ·
 * `DOCUMENT_DUPLICATE_KEY` · `DOCUMENT_TOO_DEEP` · `DOCUMENT_NOT_FHIR` · `DOCUMENT_OTHER_FORMAT` and the refusals of {@link checkDescribed};
 * neither message nor details quote the document.
 */
export function checkDocument(
  bytes: Uint8Array,
  { maxBytes = MAX_DOCUMENT_BYTES, described }: { readonly maxBytes?: number; readonly described?: Described | undefined } = {},
): CheckedDocument {
  return described === undefined ? checkFhir(bytes, maxBytes) : checkOther(bytes, maxBytes, described);
}

/**
 * What the files inside of a document ask for, by their bytes: a mark in them is one of the whole. What means to have marks and cannot be read is not
 * understood. Each file inside of a file is shorter than what it is in, so there is an end.
 */
function askedInside(files: Iterable<Uint8Array>): AskedCloseness {
  const marks: AskedCloseness[] = [];
  for (const file of files) marks.push(askedBy(withoutMark(file)));
  return strictestOf(marks);
}

function askedBy(file: Uint8Array): AskedCloseness {
  try {
    const format = meantBy(file, '');
    if (format === undefined) return USUAL_CLOSENESS;
    const described = format === 'fhir-r4-json' ? undefined : ({ format, class: 'clinical-document' } as const);
    const { confidentiality, dataLevel } = checkDocument(file, { described });
    return { confidentiality, dataLevel };
  } catch (error) {
    if (error instanceof DomainError) return MARK_NOT_UNDERSTOOD;
    throw error;
  }
}

function checkFhir(bytes: Uint8Array, maxBytes: number): CheckedDocument {
  const resource = parseDocument(bytes, maxBytes);
  assertFhirResource(resource);
  const { recordClass, category } = classify(resource);
  const { displayProfile, misfits } = displayFitOf(resource, recordClass);
  const results = resultsIn(resource);
  return {
    bytes,
    contentType: contentTypeOf['fhir-r4-json'],
    resourceType: resource.resourceType,
    ...(Object.hasOwn(resource, 'id') ? { hasId: true } : {}),
    class: recordClass,
    category,
    ...atLeast(sensitivityOf(resource), askedInside(attachmentsIn(resource))),
    format: 'fhir-r4-json',
    displayProfile,
    ...(misfits.length === 0 ? {} : { displayMisfits: misfits }),
    ...(results.length === 0 ? {} : { results }),
  };
}

function checkOther(bytes: Uint8Array, maxBytes: number, described: Described): CheckedDocument {
  assertSize(bytes, maxBytes);
  const { format } = described;
  return {
    bytes,
    contentType: contentTypeOf[format],
    class: described.class,
    category: categoryOfClass(described.class),
    ...checkDescribed(bytes, described, askedInside),
    format,
    displayProfile: `${format}@1`,
  };
}
