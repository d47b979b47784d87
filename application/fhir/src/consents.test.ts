import { newPrivateKey, signPatientCommand, signStaffRequest } from '@lianyi/client';
import { checkDocument } from '@lianyi/documents';
import {
  type AccessEvent,
  actorTagSchema,
  canonicalJson,
  departmentSchema,
  type Grant,
  instantOf,
  mspIdSchema,
  nameSchema,
  newRequest,
  provisionIdSchema,
  pseudonymSchema,
  recordIdSchema,
  type Request,
  sha256,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { consentResourceOf } from './resources/consent-resource';
import { fhirIdOf } from './resources/fhir-id';

const AT = instantOf(Date.UTC(2026, 10, 30));
const network = { channel: nameSchema.parse('emr'), chaincode: nameSchema.parse('emr'), genesis: sha256('genesis') };
const mspId = mspIdSchema.parse('HospitalBMSP');
const grantee = { kind: 'department', mspId, name: departmentSchema.parse('cardiology') } as const;
const provisions: Grant['provisions'] = [
  {
    ...{ provisionId: provisionIdSchema.parse('one'), effect: 'permit', purposes: ['TREAT'], maxDataLevel: 4 },
    ...{ validFrom: AT, validUntil: instantOf(Date.UTC(2027, 10, 30)) },
  },
];
const grant = {
  schemaVersion: 1,
  pseudonym: patientOne,
  grantee,
  version: 1,
  state: 'active',
  provisions,
  grantedAt: AT,
  changedAt: AT,
} as unknown as Grant;
const consent = { ...consentResourceOf(grant, mspId) };
const granted = { pseudonym: patientOne, grantee, provisions } as Request<typeof transactions.GrantPolicy>;

type Entry = (typeof transactions)['GrantPolicy' | 'RevokePolicy' | 'ListForPatient'];

/** What a patient's wallet signs, as it travels. */
function signed(entry: Entry, input: object): string {
  const request = newRequest(entry, input as never);
  const key = { pseudonym: patientOne, privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
  const proof = signPatientCommand({ network, ...key }, { transaction: entry, input: request.input }, AT);
  return Buffer.from(canonicalJson({ input: request.input, proof })).toString('base64');
}

/** What a member of staff signs, who speaks for nobody but themself. */
function signedByStaff(entry: Entry, input: object): string {
  const signer = { network, mspId, actorTag: actorTagSchema.parse('x'), privateKey: newPrivateKey() };
  return Buffer.from(canonicalJson({ input, proof: signStaffRequest(signer, { transaction: entry, input }, AT) })).toString('base64');
}

const codeOf = (body: string): string =>
  (JSON.parse(body) as { issue: [{ details: { coding: [{ code: string }] } }] }).issue[0].details.coding[0].code;

describe('a consent at the facade', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const filed = (resource: object, valueBase64Binary: string): ReturnType<PlayedFacade['post']> => {
    const parameter = [
      { name: 'consent', resource },
      { name: 'request', valueBase64Binary },
    ];
    return facade.post('/Consent/$file-consent', JSON.stringify({ resourceType: 'Parameters', parameter }));
  };

  it('is filed as the patient has signed it, and revoked so', async () => {
    const answer = await filed(consent, signed(transactions.GrantPolicy, granted));
    expect([answer.statusCode, answer.headers['etag']]).toEqual([200, 'W/"1"']);
    checkDocument(answer.rawPayload);
    const revocation = signed(transactions.RevokePolicy, { pseudonym: patientOne, grantee, previousVersion: 1 });
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'request', valueBase64Binary: revocation }] };
    expect((await facade.post('/Consent/$revoke-consent', JSON.stringify(parameters))).statusCode).toBe(200);
    expect(facade.staff.carried).toEqual([
      { name: 'GrantPolicy', kind: 'patient' },
      { name: 'RevokePolicy', kind: 'patient' },
    ]);
  });

  const without = (name: string): object => Object.fromEntries(Object.entries(consent).filter(([key]) => key !== name));
  const another = pseudonymSchema.parse('pANOTHER');
  it.each<[string, object, string, string]>([
    [
      'that says more than was signed',
      JSON.parse(JSON.stringify(consent).replace('"code":"TREAT"', '"code":"HRESCH"')) as object,
      signed(transactions.GrantPolicy, granted),
      'SUBMISSION_NOT_TAKEN',
    ],
    [
      'for another grantee',
      JSON.parse(JSON.stringify(consent).replace(':cardiology', ':neurology')) as object,
      signed(transactions.GrantPolicy, granted),
      'SUBMISSION_NOT_TAKEN',
    ],
    ['of another patient', consent, signed(transactions.GrantPolicy, { ...granted, pseudonym: another }), 'SUBMISSION_NOT_TAKEN'],
    ['of nobody', without('patient'), signed(transactions.GrantPolicy, granted), 'SUBMISSION_NOT_TAKEN'],
    ['that is no Consent of a provision', without('provision'), signed(transactions.GrantPolicy, granted), 'CONSENT_NOT_EXPRESSIBLE'],
    ['that a member of staff has signed', consent, signedByStaff(transactions.GrantPolicy, granted), 'INVALID_REQUEST'],
    ['that nobody has signed', consent, Buffer.from(canonicalJson({ input: granted })).toString('base64'), 'INVALID_REQUEST'],
    [
      'beside something else that was signed',
      consent,
      signed(transactions.RevokePolicy, { pseudonym: patientOne, grantee, previousVersion: 1 }),
      'INVALID_REQUEST',
    ],
    ['beside what is no JSON', consent, 'AAAA', 'INVALID_REQUEST'],
  ])('is not filed where it is one %s', async (_what, resource, request, code) => {
    expect(codeOf((await filed(resource, request)).body)).toBe(code);
    expect(facade.staff.carried).toEqual([]);
  });

  it('is found by patient and grantee, and by nothing less', async () => {
    const query = `/Consent?patient=${fhirIdOf(patientOne)}&actor.identifier=urn:lianyi:grantee|department:HospitalBMSP:cardiology`;
    expect((await facade.get(query)).json()).not.toHaveProperty('entry');
    facade.staff.policy = grant;
    const answer = await facade.get(query);
    checkDocument(answer.rawPayload);
    expect(answer.json<{ entry: [{ resource: object }] }>().entry[0].resource).toEqual(consent);
    expect(codeOf((await facade.get(`/Consent?patient=${fhirIdOf(patientOne)}`)).body)).toBe('QUESTION_NOT_TAKEN');
  });
});

describe('an audit at the facade', () => {
  const line: AccessEvent = {
    ...{ schemaVersion: 1, pseudonym: patientOne, at: AT, txId: nameSchema.parse('tx1'), n: 0, event: 'AccessDenied', decision: 'deny' },
    ...{ actor: { kind: 'staff', mspId, actorTag: actorTagSchema.parse('doc') }, purpose: 'TREAT', reasons: ['NO_CONSENT'] },
    ...{ ticketId: ticketIdSchema.parse('t1'), recordIds: [recordIdSchema.parse('r1')] },
  };
  let facade: PlayedFacade;
  beforeAll(async () => {
    facade = await newFacade();
    const released = { ...line, n: 1, event: 'KeyReleased' as const };
    facade.staff.audit.push(
      line,
      Object.fromEntries(Object.entries(released).filter(([name]) => !['decision', 'reasons'].includes(name))) as AccessEvent,
    );
  });
  afterAll(async () => {
    await facade.server.close();
  });
  const asked = (form: Readonly<Record<string, string>>): ReturnType<PlayedFacade['post']> =>
    facade.post('/AuditEvent/_search', new URLSearchParams(form).toString(), { 'content-type': 'application/x-www-form-urlencoded' });

  it('is shown to the patient who has signed the question, as AuditEvents', async () => {
    const answer = await asked({ _request: signed(transactions.ListForPatient, { pseudonym: patientOne, limit: 10 }) });
    checkDocument(answer.rawPayload);
    type Event = {
      outcome: string;
      subtype: { code: string }[];
      agent: { purposeOfUse?: object }[];
      entity: { what: { reference?: string }; detail?: { type: string; valueString: string }[] }[];
    };
    const events = answer.json<{ entry: { resource: Event }[] }>().entry.map(({ resource }) => resource);
    expect(events.map(({ outcome, subtype }) => [outcome, subtype[0]?.code])).toEqual([
      ['8', 'AuthZ-Consent'],
      ['0', 'disclose'],
    ]);
    // BALP's AuthZconsent has no other entities: what else is said of a decision stands beside the consent
    const [patient, consent, ...others] = events[0]?.entity ?? [];
    expect([patient?.what.reference, others]).toEqual([`Patient/${fhirIdOf(patientOne)}`, []]);
    expect(consent?.detail?.map(({ type, valueString }) => `${type} ${valueString}`)).toEqual(
      expect.arrayContaining(['event AccessDenied', 'record DocumentReference/r1']),
    );
    expect(events[1]?.entity.map(({ what }) => what.reference).filter(Boolean)).toEqual([
      `Patient/${fhirIdOf(patientOne)}`,
      'DocumentReference/r1',
    ]);
  });

  it.each<[string, () => Readonly<Record<string, string>>, string]>([
    ['nobody', () => ({}), 'QUESTION_NOT_TAKEN'],
    [
      'a member of staff',
      () => ({ _request: signedByStaff(transactions.ListForPatient, { pseudonym: patientOne, limit: 10 }) }),
      'INVALID_REQUEST',
    ],
    ['who adds a parameter', () => ({ _request: 'AAAA', patient: 'x' }), 'QUESTION_NOT_TAKEN'],
  ])('is not shown to %s', async (_who, form, code) => {
    expect(codeOf((await asked(form())).body)).toBe(code);
  });
});
