/* global fetch, URLSearchParams -- Node's own */
const { createPrivateKey, randomUUID, sign } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const task = JSON.parse(readFileSync(process.argv[2], 'utf8'));
exports.task = task;

function tell(step, isAsExpected, detail) {
  process.stdout.write(`${JSON.stringify({ step, isAsExpected, detail: String(detail) })}\n`);
}

/** A step that comes to something; what it returns is told beside its name. */
exports.step = async (name, run) => {
  try {
    tell(name, true, await run());
  } catch (error) {
    tell(name, false, error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 600) : JSON.stringify(error));
  }
};

/** A step that is to be refused; `statusOf` finds the status in what the client throws, `outcomeOf` the OperationOutcome. */
exports.refused = (name, status, run, { statusOf, outcomeOf }) =>
  exports.step(name, async () => {
    try {
      await run();
    } catch (error) {
      const outcome = outcomeOf(error);
      exports.expect(
        statusOf(error) === status && outcome?.resourceType === 'OperationOutcome',
        `${error.name}, ${statusOf(error)}: ${error.message}`,
      );
      exports.keep(`outcome.${status}`, outcome);
      return `${status} ${outcome.issue[0].details.coding[0].code}`;
    }
    throw new Error('was not refused');
  });

exports.keep = (name, resource) => writeFileSync(join(task.answersFolder, `${name}.json`), JSON.stringify(resource));

exports.expect = (isSo, otherwise) => {
  if (!isSo) throw new Error(otherwise);
};

exports.submission = () => JSON.parse(readFileSync(task.submissionFile, 'utf8'));

/** A document that is submitted by itself (ITI-105). */
exports.documentReference = () => ({
  resourceType: 'DocumentReference',
  status: 'current',
  subject: { reference: `Patient/${task.patient}` },
  content: [{ attachment: { contentType: 'application/fhir+json', data: readFileSync(task.documentFile).toString('base64') } }],
});

exports.signedByPatient = async (word) => (await fetch(`${task.portal}/${word}`)).json();

exports.consentParameters = ({ consent, request }) => ({
  resourceType: 'Parameters',
  parameter: [...(consent === undefined ? [] : [{ name: 'consent', resource: consent }]), { name: 'request', valueBase64Binary: request }],
});

/** SMART Backend Services: neither client makes the assertion of a program without a user. */
exports.tokenFor = async (endpoint, { clientId, keyFile }) => {
  const claims = { iss: clientId, sub: clientId, aud: endpoint, exp: Math.floor(Date.now() / 1000) + 120, jti: randomUUID() };
  const text = [{ alg: 'ES384', kid: 'k1' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const key = createPrivateKey(readFileSync(keyFile));
  const signature = sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'system/*.cruds',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${text}.${signature}`,
  });
  const answer = await (await fetch(endpoint, { method: 'POST', body })).json();
  exports.expect(answer.access_token !== undefined, JSON.stringify(answer));
  return answer;
};
