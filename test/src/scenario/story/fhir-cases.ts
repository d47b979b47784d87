import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FhirApplication, served } from '../fhir-application';
import { canonicalJson, type Grant, provisionDraftsSchema, transactions } from '@lianyi/domain';
import { consentOut } from '@lianyi/documents/consent';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { repositoryRoot } from '../scenario';
import { type GetWorld } from './world';

/** A submission as IHE has it, made from FHIR Shorthand by somebody else; a document that is no FHIR. */
const gathered = join(repositoryRoot, '..', 'shared', 'data', 'fhir', 'documents', 'mhd-provide-document-simple.bundle.json');
const ihesOwn = existsSync(gathered) ? it : it.skip;
if (!existsSync(gathered)) process.stderr.write(`FHIR: there is no ${gathered}; IHE’s own example is not submitted\n`);

type Search = {
  readonly entry?: readonly { readonly resource: { readonly content: [{ readonly attachment: { readonly url: string } }] } }[];
};

/** A hospital's own applications, which speak FHIR and know nothing of keys and ledgers. */
export function fhirCases(world: GetWorld): void {
  let atA: FhirApplication;
  let atB: FhirApplication;

  beforeAll(async () => {
    const { scenario, staff } = world();
    [atA, atB] = await Promise.all([
      FhirApplication.of(scenario, staff.labA, { purposes: [], start: served }),
      FhirApplication.of(scenario, staff.cardiologistB, { start: served }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([atA, atB].map((application) => application.stop()));
  });

  const submitted = (subject: string, contentType: string, data: Buffer): string => {
    const url = (number: number): string => `urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e${String(number)}`;
    const entry = [
      { resourceType: 'List', status: 'current', mode: 'working', subject: { reference: subject } },
      {
        resourceType: 'DocumentReference',
        status: 'current',
        subject: { reference: subject },
        content: [{ attachment: { contentType, url: url(2) } }],
      },
      { resourceType: 'Binary', contentType, data: data.toString('base64') },
    ].map((resource, at) => ({ fullUrl: url(at), resource, request: { method: 'POST', url: resource.resourceType } }));
    return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
  };
  const base64 = (value: object): string => Buffer.from(canonicalJson(value)).toString('base64');
  const patientOf = ({ pseudonym }: PatientCase): string => `Patient/${pseudonym.replaceAll('_', '.')}`;
  const found = async (known: PatientCase): Promise<Search> =>
    JSON.parse((await atB.get(`/DocumentReference?patient=${patientOf(known)}&status=current`)).body.toString()) as Search;
  const pathOf = (search: Search): string => search.entry?.[0]?.resource.content[0].attachment.url.slice(atB.baseUrl.length) ?? '';

  it('is submitted at one hospital and read, byte for byte, at another while the patient lets it; each reading is in the audit', async () => {
    const { scenario, staff } = world();
    const known = await PatientCase.related(scenario, staff);
    const bundle = submitted(patientOf(known), 'application/fhir+json', laboratoryReport);
    const answer = await atA.post('', bundle);
    expect([answer.status, answer.body.toString()]).toEqual([200, expect.stringContaining('201 Created')]);
    // nobody has let B read it: B is told nothing, and the same of what is not there
    const before = await atB.get(`/DocumentReference?patient=${patientOf(known)}`);
    const recordId = (JSON.parse(answer.body.toString()) as { entry: [unknown, unknown, { response: { location: string } }] }).entry[2]
      .response.location;
    const [denied, nothing] = await Promise.all([
      atB.get(`/${recordId}?patient=${patientOf(known)}`),
      atB.get(`/Binary/r${'x'.repeat(43)}?patient=${patientOf(known)}`),
    ]);
    expect([denied.status, denied.body.toString()]).toEqual([nothing.status, nothing.body.toString()]);
    expect(denied.status).toBe(403);
    expect(JSON.parse(before.body.toString())).not.toHaveProperty('entry');

    await known.grant([permission()]);
    const read = await atB.get(pathOf(await found(known)));
    expect(read.body.equals(laboratoryReport)).toBe(true);
    await known.revoke();
    expect((await atB.get(`/DocumentReference?patient=${patientOf(known)}`)).body.equals(before.body)).toBe(true);
    expect((await atB.get(`/${recordId}?patient=${patientOf(known)}`)).body.equals(denied.body)).toBe(true);
    const events = (await known.audit()).map(({ event }) => event);
    // a question about a record that nobody has is not the patient's matter (ADR 0006)
    expect(events.filter((event) => event === 'AccessDenied')).toHaveLength(2);
    expect(events.filter((event) => event === 'AccessPermitted')).toHaveLength(1);
  });

  it('is as long as its Bundle may be, checked on a thread of its own, and refused there where it is none', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    await known.grant([permission()]);
    const report: unknown = JSON.parse(laboratoryReport.toString());
    const long = { resourceType: 'Bundle', type: 'collection', entry: Array.from({ length: 60 }, () => ({ resource: report })) };
    const bytes = Buffer.from(JSON.stringify(long, null, 1));
    const spoiled = submitted(patientOf(known), 'application/fhir+json', bytes).replace('"working"', '"colour"');
    const refused = await atA.post('', spoiled);
    expect([refused.status, refused.body.toString()]).toEqual([422, expect.stringContaining('Bundle.entry[0].resource.mode')]);
    expect((await atA.post('', submitted(patientOf(known), 'application/fhir+json', bytes))).status).toBe(200);
    const read = await atB.get(pathOf(await found(known)));
    expect([read.status, read.body.length, read.body.toString().slice(0, 200)]).toEqual([
      200,
      bytes.length,
      bytes.toString().slice(0, 200),
    ]);
    expect(read.body.equals(bytes)).toBe(true);
  });

  it('is opened by a consent that the patient has signed and a portal files; the patient sees in their audit who has read', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { pseudonym, patient } = known;
    await atA.post('', submitted(patientOf(known), 'application/fhir+json', laboratoryReport));
    const provision = provisionDraftsSchema.parse([permission({ maxDataLevel: 4 })]);
    const input = { pseudonym, grantee: known.cardiology, provisions: provision };
    const consent = consentOut({ ...input, state: 'active', changedAt: fromNow(0) } as unknown as Grant);
    const request = base64({ input, proof: patient.sign(transactions.GrantPolicy, input) });
    const parameter = [
      { name: 'consent', resource: consent },
      { name: 'request', valueBase64Binary: request },
    ];
    const filed = await atA.post('/Consent/$file-consent', JSON.stringify({ resourceType: 'Parameters', parameter }));
    expect([filed.status, filed.headers['etag']]).toEqual([200, 'W/"1"']);
    patient.roll();
    expect((await atB.get(pathOf(await found(known)))).body.equals(laboratoryReport)).toBe(true);
    const question = { pseudonym, limit: 100 };
    const form = new URLSearchParams({ _request: base64({ input: question, proof: patient.sign(transactions.ListForPatient, question) }) });
    const audit = await atA.post('/AuditEvent/_search', form.toString(), { contentType: 'application/x-www-form-urlencoded' });
    expect(audit.body.toString()).toMatch(/AuthZ-Consent.*AccessPermitted|AccessPermitted.*AuthZ-Consent/s);
    // used up: nobody files it again
    expect(
      (await atA.post('/Consent/$file-consent', JSON.stringify({ resourceType: 'Parameters', parameter }))).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('is the same record when it is submitted again', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const bundle = submitted(patientOf(known), 'application/fhir+json', laboratoryReport);
    const [first, second] = [await atA.post('', bundle), await atA.post('', bundle)];
    expect([second.status, second.body.toString()]).toEqual([200, first.body.toString()]);
  });

  ihesOwn('is IHE’s own example, but for whose it is', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const text = readFileSync(gathered, 'utf8').replaceAll('Patient/ex-patient', patientOf(known));
    const answer = await atA.post('', text);
    expect([answer.status, answer.body.toString()]).toEqual([200, expect.stringContaining('201 Created')]);
  });
}
