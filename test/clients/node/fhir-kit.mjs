// fhir-kit-client does what a hospital's application does: publish, file a consent, find, read, and be refused once it is revoked.
import { Client } from 'fhir-kit-client';
import steps from './steps.cjs';

const { consentParameters, documentReference, expect, keep, refused, signedByPatient, step, submission, task, tokenFor } = steps;

const failure = { statusOf: (error) => error.response?.status, outcomeOf: (error) => error.response?.data };
const grantee = `urn:lianyi:grantee|${task.grantee}`;
const number = (value) => `${task.numberSystem}|${value}`;

async function connected({ baseUrl, ...registered }) {
  const client = new Client({ baseUrl });
  const { tokenUrl } = await client.smartAuthMetadata();
  client.bearerToken = (await tokenFor(String(tokenUrl), registered)).access_token;
  return client;
}

async function publish(laboratory) {
  await step('ITI-65', async () => {
    const answer = await laboratory.transaction({ body: submission() });
    keep('iti-65', answer);
    return `${answer.entry.length} entries, the first ${answer.entry[0].response.status}`;
  });
  await step('ITI-105', async () => {
    const made = await laboratory.create({ resourceType: 'DocumentReference', body: documentReference() });
    keep('iti-105', made);
    return `version ${made.meta.versionId}`;
  });
  await step('$file-consent', async () => {
    const input = consentParameters(await signedByPatient('grant'));
    const filed = await laboratory.operation({ name: 'file-consent', resourceType: 'Consent', input });
    keep('consent.filed', filed);
    return `version ${filed.meta.versionId}`;
  });
}

async function read(his) {
  const patient = task.patient;
  let url = '';
  await step('ITI-67 GET', async () => {
    const found = await his.search({ resourceType: 'DocumentReference', searchParams: { patient, status: 'current' } });
    keep('iti-67', found);
    url = found.entry.at(-1).resource.content[0].attachment.url;
    expect(found.entry.length === 3, `found ${found.entry.length}`);
    return '3 documents';
  });
  await step('ITI-67 POST, page by page', async () => {
    const page = await his.resourceSearch({
      resourceType: 'DocumentReference',
      searchParams: { patient, _count: 2 },
      options: { postSearch: true },
    });
    keep('iti-67.page', page);
    const next = await his.nextPage({ bundle: page });
    expect(page.entry.length + next.entry.length === 3, `${page.entry.length} and ${next.entry.length}`);
    return `${page.entry.length} and ${next.entry.length}`;
  });
  await step('ITI-66', async () => {
    const found = await his.search({ resourceType: 'List', searchParams: { patient, code: 'submissionset' } });
    keep('iti-66', found);
    return `${found.entry.length} lists`;
  });
  await step('read DocumentReference', async () => {
    const reference = await his.read({ resourceType: 'DocumentReference', id: /Binary\/([^?]+)/.exec(url)[1] });
    keep('document-reference', reference);
    return `version ${reference.meta.versionId}`;
  });
  await step('ITI-68', async () => (await his.request(url)).resourceType);
  await step('$everything', async () => {
    const all = await his.operation({ name: 'everything', resourceType: 'Patient', id: patient, method: 'GET' });
    keep('everything', all);
    expect(all.entry.length === 7, `${all.entry.length} entries`);
    return '7 entries: the patient, 3 documents and what says where they are';
  });
  await step('$summary', async () => {
    const summary = await his.operation({ name: 'summary', resourceType: 'Patient', id: patient, method: 'GET' });
    keep('summary', summary);
    return `${summary.entry.length} entries`;
  });
  await step('read Patient', async () => {
    const known = await his.read({ resourceType: 'Patient', id: patient });
    keep('patient', known);
    return `active ${known.active}`;
  });
  return url;
}

async function patients(registrar) {
  const identifier = number(task.freshNumber);
  await step('ITI-104', async () => {
    const identifiers = [
      { system: task.numberSystem, value: task.freshNumber },
      { system: 'urn:lianyi:pseudonym', value: task.pseudonym },
    ];
    const body = { resourceType: 'Patient', identifier: identifiers };
    const fed = await registrar.update({ resourceType: 'Patient', searchParams: { identifier }, body });
    keep('iti-104', fed);
    return fed.id;
  });
  await step('ITI-83', async () => {
    const found = await registrar.operation({
      name: 'ihe-pix',
      resourceType: 'Patient',
      method: 'GET',
      input: { sourceIdentifier: identifier },
    });
    keep('iti-83', found);
    return `${found.parameter.length} identifiers`;
  });
  await step('ITI-78 by number', async () => {
    const found = await registrar.search({ resourceType: 'Patient', searchParams: { identifier: number(task.number) } });
    keep('iti-78', found);
    return `${found.entry.length} patient`;
  });
  await step('Consent of a grantee', async () => {
    const found = await registrar.search({ resourceType: 'Consent', searchParams: { patient: task.patient, 'actor.identifier': grantee } });
    keep('consent', found);
    return `${found.entry.length} consent`;
  });
}

async function rest(laboratory, his, url) {
  await step('audit by the patient’s question', async () => {
    const { request } = await signedByPatient('audit');
    const options = { postSearch: true };
    const found = await laboratory.resourceSearch({ resourceType: 'AuditEvent', searchParams: { _request: request }, options });
    keep('audit', found);
    return `${found.entry.length} events`;
  });
  await step('$validate', async () => {
    const said = await his.operation({ name: 'validate', resourceType: 'Observation', input: { resourceType: 'Observation' } });
    keep('validate', said);
    return said.issue[0].severity;
  });
  await refused(
    'a parameter that is not taken',
    400,
    () => his.search({ resourceType: 'DocumentReference', searchParams: { patient: task.patient, _include: 'DocumentReference:subject' } }),
    failure,
  );
  await step('$revoke-consent', async () => {
    const input = consentParameters(await signedByPatient('revocation'));
    const answer = await laboratory.operation({ name: 'revoke-consent', resourceType: 'Consent', input });
    keep('consent.revoked', answer);
    return `${answer.parameter.length} parameters`;
  });
  await refused('ITI-68 after revocation', 403, () => his.request(url), failure);
}

let laboratory, registrar, his;
await step('token', async () => {
  [laboratory, registrar, his] = await Promise.all([task.laboratory, task.registrar, task.his].map(connected));
  return 'three applications, each by its own key';
});
await step('metadata', async () => {
  const said = await his.capabilityStatement();
  keep('metadata', said);
  return `${said.rest[0].resource.length} types, FHIR ${said.fhirVersion}`;
});
await publish(laboratory);
const url = await read(his);
await patients(registrar);
await rest(laboratory, his, url);
