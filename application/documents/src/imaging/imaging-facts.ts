import { type Json } from '@lianyi/domain';
import { codingsOf, isObject, itemsOf, type JsonObject, objectsOf } from '../json-object';

/** What is missing of an entry in an index of studies; the word of the refusal's details. */
export type ImagingLack = 'study' | 'date' | 'modality' | 'body-part' | 'institution' | 'where-to-fetch';

/** DICOM unique identifiers as FHIR has them (https://hl7.org/fhir/R4/imagingstudy-definitions.html#ImagingStudy.identifier). */
export const DICOM_UID = 'urn:dicom:uid';
const UID_RULE = /^urn:oid:(?=.{1,64}$)(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+$/;

/**
 * What an ImagingStudy lacks to stand in an index: of which study it is, of when, made how, of which part of the body, by which institution, and where its
 * images are fetched. Whoever finds an entry that lacks one of them could not tell whether to ask for the images, or whom.
 */
export function imagingLacks(study: JsonObject): readonly ImagingLack[] {
  const series = objectsOf(study['series']);
  const has: readonly (readonly [ImagingLack, boolean])[] = [
    ['study', itemsOf(study['identifier']).some(isStudyUid)],
    ['date', typeof study['started'] === 'string'],
    ['modality', [study['modality'], ...series.map((each) => each['modality'])].some((value) => codingsOf(value).length > 0)],
    ['body-part', series.some((each) => isNamed(each['bodySite'])) || itemsOf(study['procedureCode']).some(isNamed)],
    ['institution', isReferred(study['location'])],
    ['where-to-fetch', [study, ...series].some((each) => itemsOf(each['endpoint']).some(isReferred))],
  ];
  return has.filter(([, isThere]) => !isThere).map(([lack]) => lack);
}

function isStudyUid(identifier: Json): boolean {
  if (!isObject(identifier) || identifier['system'] !== DICOM_UID) return false;
  const { value } = identifier;
  return typeof value === 'string' && UID_RULE.test(value);
}

function isNamed(value: Json | undefined): boolean {
  return isObject(value) && ['code', 'display', 'coding', 'text'].some((name) => value[name] !== undefined);
}

function isReferred(value: Json | undefined): boolean {
  return isObject(value) && ['reference', 'identifier', 'display'].some((name) => value[name] !== undefined);
}
