import { checkDocument } from '@lianyi/documents';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const codeOf = (body: string): string =>
  (JSON.parse(body) as { issue: [{ details?: { coding: [{ code: string }] } }] }).issue[0].details?.coding[0].code ?? 'taken';
const ticketEntity = { what: { identifier: { system: 'urn:lianyi:ticket', value: 'ticket-1' } } };
const recordEntity = { what: { reference: 'DocumentReference/rec-1' } };
const patientEntity = { what: { reference: `Patient/${fhirIdOf(patientOne)}` } };
const agentOf = (value: string, code = 'IRCP'): object => ({
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code }] },
  who: { identifier: { system: 'urn:lianyi:staff', value } },
  requestor: code !== 'IRCP',
});
const receiver = agentOf('HospitalCMSP:neurologist-1:neurology');
const event = {
  ...{ resourceType: 'AuditEvent', type: { code: '110106' }, recorded: '2026-11-30T12:00:00Z', outcome: '0' },
  agent: [agentOf('HospitalBMSP:his-1', 'AUT'), receiver],
  source: { observer: { display: 'HIS' } },
  entity: [patientEntity, ticketEntity, recordEntity],
};
const consent = (value = 'department:HospitalBMSP:cardiology', system = 'urn:lianyi:grantee'): object => ({
  identifier: { system, value },
});
const cardiology = { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' };
const ticket = {
  ...{ decision: 'permit', pseudonym: patientOne, recordIds: ['rec-1'], recordVersions: [1], provisionIds: ['p1'] },
  grantVersions: [{ grantee: cardiology, version: 1 }],
};

let facade: PlayedFacade;
beforeEach(async () => {
  facade = await newFacade();
  facade.staff.ticket = ticket;
});
afterEach(async () => {
  await facade.server.close();
});
type Path = '$record-disclosure' | '$recordDisclosure';
const recorded = (disclosure: object, by: object = consent(), path: Path = '$record-disclosure'): ReturnType<PlayedFacade['post']> => {
  const parameter = [
    { name: 'disclosure', resource: disclosure },
    { name: 'consent', valueReference: by },
  ];
  return facade.post(`/AuditEvent/${path}`, JSON.stringify({ resourceType: 'Parameters', parameter }));
};

describe('a copy that is handed on', () => {
  it.each<Path>(['$record-disclosure', '$recordDisclosure'])('is said to the ledger by %s, which judges it', async (path) => {
    const answer = await recorded(event, consent(), path);
    expect(answer.statusCode).toBe(200);
    checkDocument(answer.rawPayload);
    const to = { mspId: 'HospitalCMSP', actorTag: 'neurologist-1', department: 'neurology' };
    expect(facade.staff.disclosed).toEqual([{ ticketId: 'ticket-1', recordId: 'rec-1', to }]);
  });

  it.each<readonly [string, object, object]>([
    ['of no ticket', { ...event, entity: [patientEntity, recordEntity] }, consent()],
    ['of two tickets', { ...event, entity: [ticketEntity, ticketEntity, recordEntity] }, consent()],
    ['of no record', { ...event, entity: [ticketEntity] }, consent()],
    ['of two records', { ...event, entity: [ticketEntity, recordEntity, { what: { reference: 'DocumentReference/rec-2' } }] }, consent()],
    ['to nobody', { ...event, agent: [agentOf('HospitalBMSP:his-1', 'AUT')] }, consent()],
    ['to two', { ...event, agent: [receiver, agentOf('HospitalCMSP:x-1:neurology')] }, consent()],
    ['to somebody of no department', { ...event, agent: [agentOf('HospitalCMSP:x-1')] }, consent()],
    ['to more than somebody', { ...event, agent: [agentOf('HospitalCMSP:x-1:neurology:y')] }, consent()],
    ['of another patient', { ...event, entity: [{ what: { reference: 'Patient/pOTHER' } }, ticketEntity, recordEntity] }, consent()],
    ['that has failed', { ...event, outcome: '8' }, consent()],
    ['that is no AuditEvent', { resourceType: 'Basic', code: { text: 'x' } }, consent()],
    ['under another consent', event, consent('department:HospitalBMSP:neurology')],
    ['under a consent of another system', event, consent('department:HospitalBMSP:cardiology', 'urn:other')],
    ['under a consent that is none', event, consent('cardiology')],
    ['under a consent by its address', event, { reference: 'Consent/1' }],
  ])('is refused where it is said of one %s', async (_what, disclosure, by) => {
    const answer = await recorded(disclosure, by);
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([422, 'SUBMISSION_NOT_TAKEN']);
    expect(facade.staff.disclosed).toEqual([]);
  });

  it('is refused under a ticket that opens nothing', async () => {
    facade.staff.ticket = { decision: 'deny', pseudonym: patientOne, recordIds: ['rec-1'], reasons: ['NO_CONSENT'] };
    expect(codeOf((await recorded(event)).body)).toBe('NOT_OPENED');
    expect(facade.staff.disclosed).toEqual([]);
  });

  it.each([
    ['another scope', 'system/AuditEvent.s', 403],
    ['no token', undefined, 401],
  ])('is not said by who has %s', async (_what, scope, status) => {
    const authorization = scope === undefined ? '' : `Bearer ${await facade.token(scope)}`;
    const answer = await facade.post('/AuditEvent/$record-disclosure', JSON.stringify(event), { authorization });
    expect([answer.statusCode, facade.staff.disclosed]).toEqual([status, []]);
  });

  it('is an operation of the CapabilityStatement', async () => {
    type Stated = {
      readonly rest: [
        { readonly resource: readonly { readonly type: string; readonly operation?: readonly { readonly name: string }[] }[] },
      ];
    };
    const { rest } = (await facade.get('/metadata')).json<Stated>();
    const own = rest[0].resource.find(({ type }) => type === 'AuditEvent');
    expect(own?.operation?.map(({ name }) => name)).toEqual(['record-disclosure']);
  });
});
