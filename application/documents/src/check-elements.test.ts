import { checkDocument } from './check-document';

/** What the R4 base definition refuses is refused, with the place as FHIRPath has it. */

type Fields = Readonly<Record<string, unknown>>;
const patient = (fields: Fields): Fields => ({ resourceType: 'Patient', ...fields });
const observation = (fields: Fields = {}): Fields => ({ resourceType: 'Observation', status: 'final', code: { text: 'a' }, ...fields });
const attachment = (fields: Fields): Fields => ({
  resourceType: 'DocumentReference',
  status: 'current',
  content: [{ attachment: { data: 'aGVsbG8=', ...fields } }],
});

/** Where a document was refused, and `accepted` when it was not. */
function place(document: Fields): string {
  try {
    checkDocument(Buffer.from(JSON.stringify(document)));
    return 'accepted';
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { path?: string } };
    return `${code ?? ''} ${details?.path ?? ''}`;
  }
}

describe('an element that is missing', () => {
  it.each<[string, Fields, string]>([
    ['mandatory', { resourceType: 'Observation', status: 'final' }, 'Observation.code'],
    [
      'of a mandatory choice',
      { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'a' } },
      'MedicationRequest.medication[x]',
    ],
    ['of a mandatory choice further inside', observation({ note: [{ authorString: 'a' }] }), 'Observation.note[0].text'],
    ['of a backbone element', patient({ communication: [{ preferred: true }] }), 'Patient.communication[0].language'],
    [
      'inside a Bundle',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: observation() }, { resource: { resourceType: 'Observation', status: 'final' } }],
      },
      'Bundle.entry[1].resource.code',
    ],
    ['of a contained resource', observation({ contained: [{ resourceType: 'Condition', id: 'c' }] }), 'Observation.contained[0].subject'],
    ['of a parameter', { resourceType: 'Parameters', parameter: [{ valueString: 'a' }] }, 'Parameters.parameter[0].name'],
  ])('%s is told', (_what, document, path) => {
    expect(place(document)).toBe(`DOCUMENT_NOT_FHIR ${path}`);
  });
});

describe('a value of another JSON type', () => {
  it.each<[string, Fields, string]>([
    ['a text for a boolean', patient({ active: 'true' }), 'Patient.active'],
    ['a number for a boolean', patient({ active: 1 }), 'Patient.active'],
    ['a number for a text', patient({ name: [{ family: 1 }] }), 'Patient.name[0].family'],
    ['a text for a number', observation({ valueQuantity: { value: '1' } }), 'Observation.valueQuantity.value'],
    ['a fraction for a whole number', patient({ multipleBirthInteger: 1.5 }), 'Patient.multipleBirthInteger'],
    ['a negative for a positive number', patient({ telecom: [{ rank: -1 }] }), 'Patient.telecom[0].rank'],
    ['one for a list', patient({ name: { family: 'a' } }), 'Patient.name'],
    ['a list for one', patient({ gender: ['male'] }), 'Patient.gender'],
    ['a text for an object', observation({ subject: 'Patient/1' }), 'Observation.subject'],
    ['an object for a text', patient({ birthDate: { value: '2026' } }), 'Patient.birthDate'],
    ['a resource for an element', observation({ subject: { resourceType: 'Patient', id: 'p' } }), 'Observation.subject'],
    ['null in a list of objects', patient({ name: [null] }), 'Patient.name[0]'],
    ['no object for the extensions of a primitive', patient({ _birthDate: 'a' }), 'Patient.birthDate'],
  ])('%s is told', (_what, document, path) => {
    expect(place(document)).toBe(`DOCUMENT_NOT_FHIR ${path}`);
  });
});

describe('an element that the type does not have', () => {
  it.each<[string, Fields, string]>([
    ['of a resource', patient({ nickname: 'a' }), 'Patient'],
    ['of another resource', patient({ valueString: 'a' }), 'Patient'],
    ['of R5', observation({ triggeredBy: [{ type: 'reflex' }] }), 'Observation'],
    ['of a data type', patient({ name: [{ surname: 'a' }] }), 'Patient.name[0]'],
    ['a choice of a type it cannot have', observation({ valueUri: 'http://a' }), 'Observation'],
    ['from Object.prototype', patient({ constructor: 'a' }), 'Patient'],
    ['extensions of one', patient({ _nickname: { id: 'a' } }), 'Patient'],
    ['beside an extension', patient({ _birthDate: { id: 'a', valueString: 'b' } }), 'Patient.birthDate'],
    [
      'in a Bundle’s entry',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: observation(), note: 'a' }] },
      'Bundle.entry[0]',
    ],
  ])('%s is told', (_what, document, path) => {
    expect(place(document)).toBe(`DOCUMENT_NOT_FHIR ${path}`);
  });
  it('is none: two of one choice', () => {
    expect(place(observation({ valueString: 'a', valueBoolean: true }))).toBe('DOCUMENT_NOT_FHIR Observation.value[x]');
  });
  it('is none: an extension with a value and extensions, or neither', () => {
    const inner = [{ url: 'v', valueString: 'a' }];
    for (const extension of [{ url: 'u', valueString: 'a', extension: inner }, { url: 'u' }]) {
      expect(place(patient({ extension: [extension] }))).toBe('DOCUMENT_NOT_FHIR Patient.extension[0]');
    }
  });
});

describe('a primitive that is misspelled', () => {
  const birth = [
    '2026-02-30',
    '2026-13-01',
    '2026-00',
    '26-01-01',
    '2026-1-1',
    '2025-02-29',
    '2026-01-01T00:00:00Z',
    '0000',
    ' 2026',
    '2026-04-31',
  ];
  it.each(birth)('is told: a date %s', (birthDate) => {
    expect(place(patient({ birthDate }))).toBe('DOCUMENT_NOT_FHIR Patient.birthDate');
  });
  it.each([
    '2026-01-01T00:00:00',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00+15:00',
  ])('is told: a dateTime %s', (effectiveDateTime) => {
    expect(place(observation({ effectiveDateTime }))).toBe('DOCUMENT_NOT_FHIR Observation.effectiveDateTime');
  });
  it.each(['2026', '2026-01-01', '2026-01-01T00:00:00'])('is told: an instant %s', (issued) => {
    expect(place(observation({ issued }))).toBe('DOCUMENT_NOT_FHIR Observation.issued');
  });
  it.each(['aGVsbG8', 'aGVsb*8=', '=', 'aGVsbG8==', 'a===', 'aGVs-_8='])('is told: base64 %s', (data) => {
    expect(place({ resourceType: 'Binary', contentType: 'text/plain', data })).toBe('DOCUMENT_NOT_FHIR Binary.data');
  });
  it.each([' a', 'a ', 'a  b', 'a\tb '])('is told: a code "%s"', (gender) => {
    expect(place(patient({ gender }))).toBe('DOCUMENT_NOT_FHIR Patient.gender');
  });
  it('is told: a uri with a space', () => {
    expect(place(patient({ identifier: [{ system: 'http://a b' }] }))).toBe('DOCUMENT_NOT_FHIR Patient.identifier[0].system');
  });
  it.each(['2026', '2026-12', '2024-02-29', '2026-12-31'])('is none: a date %s', (birthDate) => {
    expect(place(patient({ birthDate }))).toBe('accepted');
  });
  it.each(['2026-12-31T23:59:60Z', '2026-01-01T00:00:00.123456+14:00'])('is none: a dateTime %s', (effectiveDateTime) => {
    expect(place(observation({ effectiveDateTime }))).toBe('accepted');
  });
});

describe('a code of a value set that must be kept to', () => {
  const prescribed = (repeat: Fields): Fields => ({
    ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'a' } },
    ...{ medicationCodeableConcept: { text: 'a' }, dosageInstruction: [{ timing: { repeat } }] },
  });
  const requested = (method: string): Fields => ({
    ...{ resourceType: 'Bundle', type: 'transaction' },
    entry: [{ resource: observation(), request: { method, url: 'Observation' } }],
  });
  it.each<[string, Fields, string]>([
    ['another word', patient({ gender: 'man' }), 'Patient.gender'],
    ['another case', patient({ gender: 'Male' }), 'Patient.gender'],
    ['another language', patient({ gender: '男' }), 'Patient.gender'],
    ['a status of another resource', observation({ status: 'finished' }), 'Observation.status'],
    ['of R5', observation({ valueQuantity: { value: 1, comparator: 'ad' } }), 'Observation.valueQuantity.comparator'],
    ['inside a data type', patient({ telecom: [{ value: '1' }, { system: 'mobile' }] }), 'Patient.telecom[1].system'],
    ['of the text', patient({ text: { status: 'done', div: '<div>a</div>' } }), 'Patient.text.status'],
    ['a unit in words', prescribed({ period: 1, periodUnit: 'days' }), 'MedicationRequest.dosageInstruction[0].timing.repeat.periodUnit'],
    ['one of a list', prescribed({ dayOfWeek: ['mon', 'Tue'] }), 'MedicationRequest.dosageInstruction[0].timing.repeat.dayOfWeek[1]'],
    ['in a Bundle', requested('get'), 'Bundle.entry[0].request.method'],
    ['in a contained resource', observation({ contained: [{ ...patient({ gender: 'm' }), id: 'p' }] }), 'Observation.contained[0].gender'],
  ])('is told: %s', (_what, document, path) => {
    expect(place(document)).toBe(`DOCUMENT_NOT_FHIR ${path}`);
  });
  it.each<[string, Fields]>([
    ['one of the set', patient({ gender: 'unknown' })],
    ['absent for a reason', patient({ _gender: { extension: [{ url: 'http://a', valueCode: 'masked' }] } })],
    ['each of a list', prescribed({ dayOfWeek: ['mon', 'sun'], periodUnit: 'wk', period: 1 })],
    ['of a set that is open', observation({ language: 'zh-Hans-CN' })],
    ['of HL7’s older tables', requested('PATCH')],
  ])('is none: %s', (_what, document) => {
    expect(place(document)).toBe('accepted');
  });
});

describe('the ends of whole numbers', () => {
  it.each([
    ['multipleBirthInteger', -2_147_483_648, 'accepted'],
    ['multipleBirthInteger', 2_147_483_647, 'accepted'],
    ['multipleBirthInteger', -2_147_483_649, 'DOCUMENT_NOT_FHIR Patient.multipleBirthInteger'],
    ['multipleBirthInteger', 2_147_483_648, 'DOCUMENT_NOT_FHIR Patient.multipleBirthInteger'],
  ])('%s %d: %s', (name, value, told) => {
    expect(place(patient({ [name]: value }))).toBe(told);
  });
});

describe('an attachment', () => {
  it.each<[string, Fields, string]>([
    ['of another size', { size: 6 }, 'size'],
    ['of no size', { size: 0 }, 'size'],
    ['of another hash', { hash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'hash'],
    ['with a SHA-256 for a hash', { hash: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }, 'hash'],
  ])('%s than its data is told', (_what, fields, element) => {
    expect(place(attachment(fields))).toBe(`DOCUMENT_NOT_FHIR DocumentReference.content[0].attachment.${element}`);
  });
  it('whose size and hash fit is accepted, and one whose data lie elsewhere', () => {
    expect(place(attachment({ size: 5, hash: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=' }))).toBe('accepted');
    const elsewhere = { url: 'http://a', size: 7, hash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    expect(place({ ...attachment({}), content: [{ attachment: elsewhere }] })).toBe('accepted');
  });
});

it('two contained resources of one id are told', () => {
  const contained = [
    { resourceType: 'Patient', id: 'p' },
    { resourceType: 'Organization', id: 'p', name: 'a' },
  ];
  expect(place(observation({ contained }))).toBe('DOCUMENT_NOT_FHIR Observation.contained');
});
