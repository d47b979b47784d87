import { careMonthsOf } from '../care-months';
import { checkDocument } from '../check-document';
import { type JsonObject } from '../json-object';
import { chestFilm, dicomFileOf, type Element } from './dicom-file.fixture';
import { imagingIndexOf } from './dicom-index';

const context = { pseudonym: 'psn-1', fetchedFrom: 'https://pacs.example/dicom-web/' };
const indexOf = (elements: readonly Element[], more = {}): JsonObject => imagingIndexOf(dicomFileOf(elements), { ...context, ...more });
const bytesOf = (resource: object): Buffer => Buffer.from(JSON.stringify(resource));
const without = (...left: readonly number[]): readonly Element[] => chestFilm.filter(([tag]) => !left.includes(tag));
const withValue = (tag: number, value: string | Uint8Array): readonly Element[] =>
  chestFilm.map(([each, vr, before]): Element => [each, vr, each === tag ? value : before]);
const refusalOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    const { code, details } = error as { code: string; details: { lacks?: string; looksLike?: string } };
    return [code, details.lacks ?? details.looksLike];
  }
  return 'taken';
};

describe('an entry of the index of studies', () => {
  it('is what an image says of itself and where it is, and nothing of its patient', () => {
    const made = indexOf(chestFilm);
    expect(made).toMatchObject({
      ...{ resourceType: 'ImagingStudy', started: '2026-03-14', location: { display: '市第一医院' } },
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.840.113619.2.55.3.1' }],
      subject: { identifier: { system: 'urn:lianyi:pseudonym', value: 'psn-1' } },
      series: [{ uid: '1.2.840.113619.2.55.3.1.2', modality: { code: 'DX' }, bodySite: { display: 'CHEST' } }],
      contained: [{ resourceType: 'Endpoint', address: 'https://pacs.example/dicom-web/studies/1.2.840.113619.2.55.3.1' }],
    });
    expect(JSON.stringify(made)).not.toMatch(/Zhang|4711|1961/);
  });

  it('is FHIR of a class of its own, whose months are those of the study', () => {
    const bytes = bytesOf(indexOf(chestFilm));
    expect(checkDocument(bytes)).toMatchObject({
      class: 'imaging-index',
      displayProfile: 'unstructured@1',
      confidentiality: 'N',
      dataLevel: 4,
    });
    expect(careMonthsOf(bytes)).toEqual({ first: '2026-03', last: '2026-03' });
  });

  it.each<readonly [string, readonly Element[], string]>([
    ['study', without(0x0020000d), 'study'],
    ['well-formed study', withValue(0x0020000d, '1.2.x'), 'study'],
    ['date', without(0x00080020), 'date'],
    ['date of eight digits', withValue(0x00080020, '2026'), 'date'],
    ['modality', without(0x00080060), 'modality'],
    ['body part', without(0x00180015), 'body-part'],
    ['institution', without(0x00080080), 'institution'],
    ['institution in a character set that is read', withValue(0x00080005, 'ISO 2022 IR 58'), 'institution'],
    ['institution in its own character set', withValue(0x00080005, 'ISO_IR 192'), 'institution'],
    ['institution that says its character set', without(0x00080005), 'institution'],
    ['body part, institution', without(0x00180015, 0x00080080), 'body-part, institution'],
  ])('is refused of an image without %s', (_what, elements, lacks) => {
    expect(refusalOf(() => indexOf(elements))).toEqual(['IMAGING_INDEX_INCOMPLETE', lacks]);
  });

  it('takes from who publishes it what the image does not say', () => {
    const said = { bodyPart: '胸部', institution: '市第一医院' };
    expect(checkDocument(bytesOf(indexOf(without(0x00180015, 0x00080080), said))).class).toBe('imaging-index');
  });

  it.each<readonly [string, () => Uint8Array, string]>([
    ['a PDF', () => Buffer.from('%PDF-1.7'), 'pdf'],
    ['nothing', () => Buffer.alloc(0), 'unknown'],
    ['a file that ends in its head', () => dicomFileOf(chestFilm).subarray(0, 140), 'dicom'],
  ])('is made of no image that is %s', (_what, bytes, looks) => {
    expect(refusalOf(() => imagingIndexOf(bytes(), context))).toEqual(['DOCUMENT_OTHER_FORMAT', looks]);
  });

  it.each(['identifier', 'started', 'series', 'location', 'endpoint'])(
    'without %s is a document of images as before, and no entry',
    (left) => {
      const { [left]: _left, contained, ...rest } = indexOf(chestFilm);
      const kept = left === 'endpoint' ? rest : { ...rest, ...(contained === undefined ? {} : { contained }) };
      const lacksModality = left === 'series' ? { modality: undefined } : {};
      expect(checkDocument(bytesOf({ ...kept, ...lacksModality })).class).toBe('imaging-report');
    },
  );

  it('stands inside a report of images, which stays one', () => {
    const { contained: _endpoint, endpoint: _to, ...study } = indexOf(chestFilm);
    const report = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'DX' }, imagingStudy: [{ reference: '#s' }] };
    const endpoint = [{ display: 'PACS' }];
    expect(checkDocument(bytesOf({ ...report, contained: [{ ...study, endpoint, id: 's' }] })).class).toBe('imaging-report');
  });
});
