import { DomainError } from '@lianyi/domain';
import { type DataSet, parseDicom } from 'dicom-parser';
import { OWN } from '../consent/own-systems';
import { type JsonObject } from '../json-object';
import { looksLike } from '../looks-like';
import { DICOM_UID, imagingLacks } from './imaging-facts';

/** The modalities of DICOM's own code system (PS3.16, CID 29). */
const DICOM_TERMS = 'http://dicom.nema.org/resources/ontology/DCM';
/** Where pixels begin: nothing of them is read. */
const PIXELS = 'x7fe00010';
const tags = {
  charset: 'x00080005',
  studyDate: 'x00080020',
  modality: 'x00080060',
  institution: 'x00080080',
  bodyPart: 'x00180015',
  study: 'x0020000d',
  series: 'x0020000e',
} as const;

/** What of an index entry no image says of itself. */
export interface IndexContext {
  readonly pseudonym: string;
  /** The DICOMweb service whose study it is: `https://pacs.hospital.example/dicom-web`. */
  readonly fetchedFrom: string;
  /** Where the image does not say it. */
  readonly bodyPart?: string | undefined;
  readonly institution?: string | undefined;
}

/**
 * An entry of the index of studies out of one image's own metadata: an ImagingStudy that says which study it is, of when, made how, of which part of the
 * body, by which institution, and where its images are. Nothing of the patient is taken over but whose it is here: names, numbers and birth in the image stay
 * there.
 * @throws {@link DomainError} `DOCUMENT_OTHER_FORMAT` — the bytes are no DICOM file; `IMAGING_INDEX_INCOMPLETE` — with what neither image nor caller says
 * @remarks Source: DICOM PS3.3 (General Study, General Series), PS3.5 §6.2; FHIR R4 ImagingStudy, Endpoint.
 */
export function imagingIndexOf(bytes: Uint8Array, context: IndexContext): JsonObject {
  const image = read(bytes);
  const studyUid = plain(image, tags.study) ?? '';
  const coded = { system: DICOM_TERMS, code: plain(image, tags.modality) ?? '' };
  const started = dateOf(plain(image, tags.studyDate));
  const bodyPart = context.bodyPart ?? plain(image, tags.bodyPart);
  const institution = context.institution ?? text(image, tags.institution);
  const ofSeries = {
    ...(coded.code === '' ? {} : { modality: coded }),
    ...(bodyPart === undefined ? {} : { bodySite: { display: bodyPart } }),
  };
  const study: JsonObject = {
    resourceType: 'ImagingStudy',
    contained: [endpointOf(context.fetchedFrom, studyUid)],
    identifier: [{ system: DICOM_UID, value: `urn:oid:${studyUid}` }],
    status: 'available',
    ...(coded.code === '' ? {} : { modality: [coded] }),
    subject: { identifier: { system: OWN.pseudonym, value: context.pseudonym } },
    ...(started === undefined ? {} : { started }),
    endpoint: [{ reference: '#images' }],
    ...(institution === undefined ? {} : { location: { display: institution } }),
    series: [{ uid: plain(image, tags.series) ?? studyUid, ...ofSeries }],
  };
  const lacks = imagingLacks(study);
  if (lacks.length > 0) throw new DomainError('IMAGING_INDEX_INCOMPLETE', undefined, { lacks: lacks.join(', ') });
  return study;
}

function endpointOf(base: string, studyUid: string): JsonObject {
  const systems = 'http://terminology.hl7.org/CodeSystem';
  return {
    ...{ resourceType: 'Endpoint', id: 'images', status: 'active' },
    connectionType: { system: `${systems}/endpoint-connection-type`, code: 'dicom-wado-rs' },
    payloadType: [{ text: 'DICOM' }],
    payloadMimeType: ['application/dicom'],
    address: `${base.replace(/\/+$/, '')}/studies/${studyUid}`,
  };
}

function read(bytes: Uint8Array): DataSet {
  const looks = looksLike(bytes);
  if (looks !== 'dicom') throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { said: 'dicom', looksLike: looks ?? 'unknown' });
  try {
    return parseDicom(bytes, { untilTag: PIXELS });
  } catch (cause) {
    // the library throws texts and objects of its own
    throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { said: 'dicom', looksLike: 'dicom' }, { cause });
  }
}

/** A value of characters that every character set has: identifiers, dates, codes. */
function plain(image: DataSet, tag: string): string | undefined {
  const value = (image.elements[tag] === undefined ? undefined : image.string(tag, 0))?.replace(/\0/g, '').trim();
  return value !== undefined && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

/** The sets of DICOM that one decoder reads alone; of the others, which change in the middle of a text, nothing is believed. */
const decoders: Readonly<Record<string, string>> = {
  '': 'ascii',
  'ISO_IR 6': 'ascii',
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** A text in the image's own character set; undefined where it is in one that is not read, or is none of it. */
function text(image: DataSet, tag: string): string | undefined {
  const element = image.elements[tag];
  const decoder = decoders[(image.string(tags.charset) ?? '').trim()];
  if (element === undefined || decoder === undefined) return undefined;
  const bytes = image.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (decoder === 'ascii' && bytes.some((byte) => byte >= 0x80)) return undefined;
  try {
    const value = new TextDecoder(decoder, { fatal: true }).decode(bytes).replace(/\0/g, '').trim();
    return value === '' ? undefined : value;
  } catch {
    return undefined;
  }
}

function dateOf(date: string | undefined): string | undefined {
  const [, year, month, day] = /^([0-9]{4})\.?([0-9]{2})\.?([0-9]{2})$/.exec(date ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${month ?? ''}-${day ?? ''}`;
}
