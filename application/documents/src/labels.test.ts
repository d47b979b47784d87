import { checkDocument } from './check-document';

/** A classifier never fails open: what it knows under any spelling, what it does not know, and what is inside. */

type Fields = Readonly<Record<string, unknown>>;
const observation = { resourceType: 'Observation', status: 'final', code: { text: 'weight' } };
const check = (document: object) => checkDocument(Buffer.from(JSON.stringify(document)));
const labels = (document: object): string => {
  const { confidentiality, dataLevel } = check(document);
  return `${confidentiality}/${dataLevel}`;
};
const labelled = (...security: readonly object[]): Fields => ({ ...observation, meta: { security } });
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const V2_0074 = 'http://terminology.hl7.org/CodeSystem/v2-0074';

const spelled = (system: string, stu3: string, oid: string): string[] => [
  system,
  system.replace('http:', 'https:'),
  `${system}/`,
  `${system}//`,
  `${system}|2018-08-12`,
  system.toLowerCase(),
  system.replace('terminology.hl7.org', 'TERMINOLOGY.HL7.ORG'),
  stu3,
  stu3.replace('http:', 'https:'),
  `urn:oid:${oid}`,
  `URN:OID:${oid}`,
  oid,
];

describe('a security label means the same under every spelling of its system:', () => {
  it.each(spelled(CONFIDENTIALITY, 'http://hl7.org/fhir/v3/Confidentiality', '2.16.840.1.113883.5.25'))('confidentiality, %s', (system) => {
    expect(['N', 'R', 'V'].map((code) => labels(labelled({ system, code })))).toEqual(['N/4', 'R/4', 'V/5']);
  });
  it.each(spelled(ACT_CODE, 'http://hl7.org/fhir/v3/ActCode', '2.16.840.1.113883.5.4'))('sensitivity, %s', (system) => {
    expect(['HIV', 'PSY', 'ETHUD', 'SEX'].map((code) => labels(labelled({ system, code })))).toEqual(Array(4).fill('N/5'));
  });
});

/** A label as a concept, which DocumentReference has. */
const described = (concept: object): object => ({
  resourceType: 'DocumentReference',
  status: 'current',
  content: [{ attachment: { title: 'a' } }],
  securityLabel: [concept],
});

describe('a security label that is not understood restricts:', () => {
  it.each<[string, object, string]>([
    ['a code in the wrong case', { system: CONFIDENTIALITY, code: 'v' }, 'V/5'],
    ['a less strict code in the wrong case', { system: CONFIDENTIALITY, code: 'n' }, 'R/5'],
    ['a code of no confidentiality', { system: CONFIDENTIALITY, code: 'X' }, 'R/5'],
    ['an empty confidentiality', { system: CONFIDENTIALITY }, 'R/5'],
    ['no system', { code: 'V' }, 'V/5'],
    ['no system, HIV', { code: 'HIV' }, 'R/5'],
    ['no system, N', { code: 'N' }, 'R/5'],
    ['words only', { display: 'very restricted' }, 'R/5'],
    ['a law', { system: ACT_CODE, code: '42CFRPart2' }, 'R/5'],
    ['a refrain', { system: ACT_CODE, code: 'NORDSCLCD' }, 'R/5'],
    ['a sensitive code in the wrong case', { system: ACT_CODE, code: 'hiv' }, 'R/5'],
    ['a purpose of use', { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HRESCH' }, 'R/5'],
    ['a national system', { system: 'http://fhir.example.cn/CodeSystem/security', code: '3' }, 'R/5'],
    ['another national system', { system: 'urn:oid:1.2.156.10011.2.3', code: 'A' }, 'R/5'],
    ['an unknown part of HL7', { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality2', code: 'N' }, 'R/5'],
  ])('%s', (_what, label, expected) => {
    expect(labels(labelled(label))).toBe(expected);
  });

  it.each<[string, object]>([
    ['text of a concept only', { text: 'HIV' }],
    ['a concept with an unknown coding beside a known one', { coding: [{ system: CONFIDENTIALITY, code: 'N' }, { code: 'x' }] }],
  ])('%s', (_what, concept) => {
    expect(labels(described(concept))).toBe('R/5');
  });

  it('and one that says that nothing is restricted does not', () => {
    const test = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' };
    const altered = { system: 'urn:oid:2.16.840.1.113883.5.1063', code: 'PSEUDED' };
    expect([labelled(test), labelled(altered), labelled(test, altered)].map(labels)).toEqual(['N/4', 'N/4', 'N/4']);
  });
});

describe('a security label is found', () => {
  const very = { system: CONFIDENTIALITY, code: 'V' };
  const person = { display: 'a' };
  const event = { type: { code: 'rest' }, recorded: '2026-01-01T00:00:00Z', agent: [{ requestor: true }], source: { observer: person } };
  it.each<[string, object, string]>([
    ['on an audited entity', { resourceType: 'AuditEvent', ...event, entity: [{ securityLabel: [very] }] }, 'V/5'],
    [
      'on a contract’s term',
      { resourceType: 'Contract', term: [{ offer: { text: 'a' }, securityLabel: [{ classification: very }] }] },
      'V/5',
    ],
    [
      'on an element (DS4P)',
      {
        ...observation,
        note: [
          {
            text: 'a',
            extension: [
              { url: 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label', valueCoding: very },
            ],
          },
        ],
      },
      'V/5',
    ],
    [
      'as a Composition’s confidentiality that is absent for a reason',
      {
        ...{ resourceType: 'Composition', status: 'final', type: { text: 'a' }, date: '2026-01-01', author: [person], title: 'a' },
        _confidentiality: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] },
      },
      'R/5',
    ],
    [
      'in a Bundle in a Bundle',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: labelled(very) }] } }],
      },
      'V/5',
    ],
  ])('%s', (_where, document, expected) => {
    expect(labels(document)).toBe(expected);
  });
});

describe('a file inside of a resource counts by what it is, whatever it is called:', () => {
  const cda = '<ClinicalDocument xmlns="urn:hl7-org:v3"><confidentialityCode code="V"/></ClinicalDocument>';
  const nested = JSON.stringify({ ...observation, extension: [{ url: 'x', valueAttachment: { contentType: 'a/b', data: btoa(cda) } }] });
  it.each<readonly [string, string | Uint8Array, string]>([
    ['a CDA', cda, 'V5'],
    ['a CDA behind a byte order mark', `\ufeff${cda}`, 'V5'],
    ['a CDA in another encoding', Buffer.from(`\ufeff${cda}`, 'utf16le'), 'R5'],
    ['a CDA that nobody can read', cda.replace('<Clin', '<!DOCTYPE x><Clin'), 'R5'],
    ['a message', 'MSH|^~\\&|A|B|C|D|1||ORU^R01|1|P|2.5\rPV2|1|' + '|'.repeat(20) + 'Y', 'R4'],
    ['FHIR', JSON.stringify(labelled({ system: CONFIDENTIALITY, code: 'R' })), 'R4'],
    ['a CDA in FHIR', nested, 'V5'],
    ['FHIR in XML', '<Basic xmlns="http://hl7.org/fhir"/>', 'R5'],
    ['JSON that is no FHIR', '{"a":1}', 'N4'],
    ['a page', '<html><a href="http://hl7.org/fhir/R4">x</a></html>', 'N4'],
    ['a PDF', '%PDF-1.7 <ClinicalDocument>', 'N4'],
  ])('%s', (_what, content, expected) => {
    const attachment = { contentType: 'application/octet-stream', data: Buffer.from(content).toString('base64') };
    expect(labels({ resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] })).toBe(expected.split('').join('/'));
  });

  it('is not looked for in what has no marks', () => {
    const attachment = { contentType: 'image/png', data: Buffer.alloc(3_000, 0x89).toString('base64') };
    expect(labels({ resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] })).toBe('N/4');
  });
});

describe('the level is the highest of what is contained', () => {
  const condition = { resourceType: 'Condition', id: 'c', subject: { display: 'a' } };
  const group = { resourceType: 'Group', type: 'person', actual: true };
  it.each<[string, object, number]>([
    ['a condition in a group', { ...group, contained: [condition] }, 4],
    ['a group of patients', { ...group, member: [{ entity: { reference: 'Patient/1' } }] }, 4],
    ['a condition in an organisation', { resourceType: 'Organization', name: 'a', contained: [condition] }, 4],
    ['a condition in a location', { resourceType: 'Location', name: 'a', contained: [condition] }, 4],
    [
      'a condition in a measure report',
      {
        resourceType: 'MeasureReport',
        status: 'complete',
        type: 'summary',
        measure: 'http://a',
        period: { start: '2026' },
        contained: [condition],
      },
      4,
    ],
    ['a patient’s device', { resourceType: 'Device', patient: { display: 'a' } }, 4],
    [
      'a slot that names a patient',
      {
        resourceType: 'Slot',
        schedule: { display: 'a' },
        status: 'free',
        start: '2026-01-01T00:00:00Z',
        end: '2026-01-01T01:00:00Z',
        extension: [{ url: 'u', valueReference: { reference: 'Patient/1' } }],
      },
      4,
    ],
    [
      'a patient in an audit event’s bundle',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Patient', active: true } }] },
      4,
    ],
    ['an organisation', { resourceType: 'Organization', name: 'a' }, 2],
    [
      'organisations together',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Organization', name: 'a' } }] },
      2,
    ],
  ])('%s', (_what, document, level) => {
    expect(check(document).dataLevel).toBe(level);
  });
});

describe('a class is found under every spelling of its code system', () => {
  const report = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'a' } };
  it.each(spelled(V2_0074, 'http://hl7.org/fhir/v2/0074', '2.16.840.1.113883.12.74'))('v2-0074: %s', (system) => {
    expect(check({ ...report, category: [{ coding: [{ system, code: 'LAB' }] }] }).class).toBe('laboratory-report');
    expect(check({ ...report, category: [{ coding: [{ system, code: 'RAD' }] }] }).class).toBe('imaging-report');
  });
  it.each(['http://loinc.org', 'https://loinc.org/', 'urn:oid:2.16.840.1.113883.6.1', 'http://LOINC.org|2.77'])('LOINC: %s', (system) => {
    expect(check({ ...report, code: { coding: [{ system, code: '11502-2' }] } }).class).toBe('laboratory-report');
    expect(check({ ...report, code: { coding: [{ system, code: '18748-4' }] } }).class).toBe('imaging-report');
  });
});

describe('a class is what all content fits, else the widest', () => {
  const person = { display: 'a' };
  const lab = { ...{ resourceType: 'DiagnosticReport', status: 'final', code: { text: 'a' } }, specimen: [{ display: 'blood' }] };
  const patient = { resourceType: 'Patient', active: true };
  const condition = { resourceType: 'Condition', subject: person };
  const prescription = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: person,
    medicationCodeableConcept: { text: 'a' },
  };
  const encounter = { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' } };
  const claim = {
    ...{ resourceType: 'Claim', status: 'active', use: 'claim', type: { text: 'a' }, created: '2026', provider: person },
    ...{ priority: { text: 'a' }, patient: person, insurance: [{ sequence: 1, focal: true, coverage: person }] },
  };
  const consent = { resourceType: 'Consent', status: 'active', scope: { text: 'a' }, category: [{ text: 'a' }] };
  const composition = (code: string): object => ({
    ...{ resourceType: 'Composition', status: 'final', date: '2026-01-01', author: [person], title: 'a' },
    type: { coding: [{ system: 'http://loinc.org', code }] },
  });
  const bundle = (type: string, ...resources: readonly object[]): object => ({
    resourceType: 'Bundle',
    type,
    entry: resources.map((resource) => ({ resource })),
  });
  it.each<[string, object, string]>([
    ['a history with one laboratory report', bundle('collection', patient, condition, claim, encounter, lab), 'history'],
    ['a history with one prescription', bundle('collection', patient, condition, claim, prescription), 'history'],
    ['a history with one consent', bundle('collection', patient, encounter, consent), 'history'],
    ['a transaction of one laboratory report', bundle('transaction', lab), 'history'],
    ['a search result of prescriptions', bundle('searchset', prescription, prescription), 'history'],
    ['a laboratory document', bundle('document', composition('11502-2'), patient, lab, observation), 'laboratory-report'],
    ['a laboratory document with a condition', bundle('document', composition('11502-2'), patient, lab, condition), 'history'],
    ['a laboratory document with a claim', bundle('document', composition('11502-2'), lab, claim), 'history'],
    ['a laboratory document with a prescription', bundle('document', composition('11502-2'), lab, prescription), 'history'],
    ['a laboratory document with a Bundle in it', bundle('document', composition('11502-2'), bundle('collection', lab)), 'history'],
    [
      'a patient summary with its medication and results',
      bundle('document', composition('60591-5'), condition, prescription, lab),
      'patient-summary',
    ],
    ['a patient summary with a claim', bundle('document', composition('60591-5'), condition, claim), 'history'],
    ['a laboratory report that contains a condition', { ...lab, contained: [{ ...condition, id: 'c' }] }, 'history'],
    [
      'a laboratory report that contains its results',
      {
        ...lab,
        contained: [
          { ...observation, id: 'o' },
          { ...patient, id: 'p' },
        ],
      },
      'laboratory-report',
    ],
    ['an observation that contains a claim', { ...observation, contained: [{ ...claim, id: 'c' }] }, 'history'],
    ['a report whose codes name two kinds', { ...lab, imagingStudy: [{ display: 'a' }] }, 'history'],
  ])('%s', (_what, document, expected) => {
    expect(check(document).class).toBe(expected);
  });
});
