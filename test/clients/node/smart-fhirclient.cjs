// fhirclient (SMART's own) does what a hospital's application does: publish, file a consent, find, read, and be refused once it is revoked.
/* global fetch -- Node's own */
const FHIR = require('fhirclient');
const {
  consentParameters,
  documentReference,
  expect,
  keep,
  refused,
  signedByPatient,
  step,
  submission,
  task,
  tokenFor,
} = require('./steps.cjs');

const failure = { statusOf: (error) => error.status ?? error.statusCode, outcomeOf: (error) => error.body ?? outcomeIn(error) };
/** The client puts the answer into its message where it keeps no body. */
function outcomeIn({ message }) {
  const at = message.indexOf('{');
  return at < 0 ? undefined : JSON.parse(message.slice(at));
}
const json = { 'content-type': 'application/fhir+json' };
const post = (client, url, body) => client.request({ url, method: 'POST', body: JSON.stringify(body), headers: json });

async function connected({ baseUrl, ...registered }) {
  const { token_endpoint: endpoint } = await (await fetch(`${baseUrl}/.well-known/smart-configuration`)).json();
  const tokenResponse = await tokenFor(endpoint, registered);
  return FHIR({ headers: {}, url: '/' }, {}, {}).client({ serverUrl: baseUrl, tokenResponse });
}

async function publish(laboratory) {
  await step('ITI-65', async () => {
    const answer = await post(laboratory, '/', submission());
    keep('iti-65', answer);
    return `${answer.entry.length} entries, the first ${answer.entry[0].response.status}`;
  });
  await step('ITI-105', async () => {
    const made = await laboratory.create(documentReference(), { headers: json });
    keep('iti-105', made);
    return `version ${made.meta.versionId}`;
  });
  await step('$file-consent', async () => {
    const filed = await post(laboratory, 'Consent/$file-consent', consentParameters(await signedByPatient('grant')));
    keep('consent.filed', filed);
    return `version ${filed.meta.versionId}`;
  });
}

async function read(his) {
  const { patient } = task;
  let url = '';
  await step('ITI-67 GET', async () => {
    const found = await his.request(`DocumentReference?patient=${patient}&status=current`);
    keep('iti-67', found);
    url = found.entry.at(-1).resource.content[0].attachment.url;
    expect(found.entry.length === 3, `found ${found.entry.length}`);
    return '3 documents';
  });
  await step('ITI-67, all pages as one list', async () => {
    const all = await his.request(`DocumentReference?patient=${patient}&_count=2`, { pageLimit: 0, flat: true });
    expect(all.length === 3, `found ${all.length}`);
    return '3 documents of 2 pages';
  });
  await step('ITI-66', async () => {
    const found = await his.request(`List?patient=${patient}&code=submissionset`);
    keep('iti-66', found);
    return `${found.entry.length} lists`;
  });
  await step('read DocumentReference', async () => {
    const reference = await his.request(`DocumentReference/${/Binary\/([^?]+)/.exec(url)[1]}`);
    keep('document-reference', reference);
    return `version ${reference.meta.versionId}`;
  });
  await step('ITI-68', async () => (await his.request(url)).resourceType);
  await step('$everything', async () => {
    const all = await his.request(`Patient/${patient}/$everything`);
    keep('everything', all);
    expect(all.entry.length === 7, `${all.entry.length} entries`);
    return '7 entries: the patient, 3 documents and what says where they are';
  });
  await step('$summary', async () => {
    const summary = await his.request(`Patient/${patient}/$summary`);
    keep('summary', summary);
    return `${summary.entry.length} entries`;
  });
  return url;
}

async function patients(registrar) {
  const number = (value) => encodeURIComponent(`${task.numberSystem}|${value}`);
  await step('ITI-104', async () => {
    const identifier = [
      { system: task.numberSystem, value: task.freshNumber },
      { system: 'urn:lianyi:pseudonym', value: task.pseudonym },
    ];
    const body = JSON.stringify({ resourceType: 'Patient', identifier });
    const fed = await registrar.request({ url: `Patient?identifier=${number(task.freshNumber)}`, method: 'PUT', body, headers: json });
    keep('iti-104', fed);
    return fed.id;
  });
  await step('ITI-83', async () => {
    const found = await registrar.request(`Patient/$ihe-pix?sourceIdentifier=${number(task.freshNumber)}`);
    keep('iti-83', found);
    return `${found.parameter.length} identifiers`;
  });
  await step('ITI-78 by number', async () => {
    const found = await registrar.request(`Patient?identifier=${number(task.number)}`);
    keep('iti-78', found);
    return `${found.entry.length} patient`;
  });
}

async function rest(laboratory, his, url) {
  await step('$validate', async () => {
    const said = await post(his, 'Observation/$validate', { resourceType: 'Observation' });
    keep('validate', said);
    return said.issue[0].severity;
  });
  await refused(
    'a parameter that is not taken',
    400,
    () => his.request(`DocumentReference?patient=${task.patient}&_total=accurate`),
    failure,
  );
  await step('$revoke-consent', async () => {
    const answer = await post(laboratory, 'Consent/$revoke-consent', consentParameters(await signedByPatient('revocation')));
    keep('consent.revoked', answer);
    return `${answer.parameter.length} parameters`;
  });
  await refused('ITI-68 after revocation', 403, () => his.request(url), failure);
}

void (async () => {
  let laboratory, registrar, his;
  await step('token', async () => {
    [laboratory, registrar, his] = await Promise.all([task.laboratory, task.registrar, task.his].map(connected));
    return 'three applications, each by its own key';
  });
  await step('metadata', async () => `FHIR ${await his.getFhirVersion()}`);
  await publish(laboratory);
  const url = await read(his);
  await patients(registrar);
  await rest(laboratory, his, url);
})();
