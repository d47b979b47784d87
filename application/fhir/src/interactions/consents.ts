import { type Grant, type Grantee, granteeSchema, newRequest, type OutcomeOf, transactions } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { carriedRequest } from '../acting/carried-request';
import { foundOr } from '../acting/found-or';
import { searchBundle } from '../asking/answer-pages';
import { patientNamed, patientOfReference, patientParameters, pseudonymOrNone } from '../asking/patient-named';
import { notTaken, type ParameterRules, soleValue, tokenOf } from '../asking/question';
import { consentResourceOf, saysTheSame } from '../resources/consent-resource';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';
import { submissionNotTaken } from './submitted-document';

const GUIDE = 'http://hl7.org/fhir/us/consent-management/OperationDefinition/';
const consentParameters: ParameterRules = { ...patientParameters, 'actor.identifier': { type: 'token' } };

/** Whom a consent is for: `urn:lianyi:grantee|department:MSP:NAME`. */
function granteeNamed(text: string | undefined): Grantee {
  if (text === undefined) throw notTaken('actor.identifier', 'for whom it is: the ledger lists a patient’s consents to the patient alone');
  const { system, code } = tokenOf('actor.identifier', text);
  const grantee = granteeOf(code);
  if (system !== OWN.grantee || grantee === undefined) throw notTaken('actor.identifier', 'no grantee');
  return grantee;
}

/** `department:MSP:NAME` */
export function granteeOf(text: string): Grantee | undefined {
  const [kind, mspId, name, more] = text.split(':');
  return more === undefined ? granteeSchema.safeParse({ kind, mspId, name }).data : undefined;
}

/** The consent of one grantee, for those of the patient's hospital whom the ledger answers. */
async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const pseudonym = patientNamed(call.question, call.baseUrl);
  const grantee = granteeNamed(soleValue(call.question, 'actor.identifier'));
  const grant = await grantOf(call, { pseudonym, grantee });
  const resources = grant === undefined ? [] : [consentResourceOf(grant, call.staff.mspId)];
  return { resource: searchBundle(call.baseUrl, 'Consent', call.question, { resources }) };
}

async function grantOf({ staff }: FacadeCall, key: Pick<Grant, 'pseudonym' | 'grantee'>): Promise<Grant | undefined> {
  return foundOr(() => staff.ledger.evaluate(newRequest(transactions.GetPolicy, key)));
}

/** A value of the Parameters of an operation; each stands once. */
export function parameterOf(parameters: JsonObject, name: string): JsonObject {
  const named = itemsOf(parameters['parameter'])
    .filter(isObject)
    .filter((parameter) => parameter['name'] === name);
  const [only] = named;
  if (parameters['resourceType'] !== 'Parameters' || only === undefined || named.length > 1)
    throw submissionNotTaken('Parameters.parameter', `one ${name}`);
  return only;
}

/**
 * Files a consent that the patient has signed: the signed request is carried as it is, if the Consent beside it says the same. The facade can grant nothing.
 *
 * @throws DomainError `SUBMISSION_NOT_TAKEN` — it says something else; `CONSENT_NOT_EXPRESSIBLE`
 */
async function file(call: FacadeCall): Promise<FacadeAnswer> {
  const parameters = await call.sentResource();
  const { resource: consent } = parameterOf(parameters, 'consent');
  const request = textOf(parameterOf(parameters, 'request')['valueBase64Binary']);
  const signed = isAmendment(request)
    ? carriedRequest(transactions.AmendPolicy, request)
    : carriedRequest(transactions.GrantPolicy, request);
  if (!isObject(consent) || patientOf(consent, call.baseUrl) !== signed.input.pseudonym || !saysTheSame(consent, signed.input))
    throw submissionNotTaken('Parameters.parameter', 'a Consent that says what was signed');
  const { result } =
    signed.entry.name === 'AmendPolicy'
      ? await call.staff.ledger.submit(carriedRequest(transactions.AmendPolicy, request))
      : await call.staff.ledger.submit(carriedRequest(transactions.GrantPolicy, request));
  return filed(result, consent);
}

type Filed = OutcomeOf<typeof transactions.GrantPolicy>['result'];

function filed({ version }: Filed, consent: JsonObject): FacadeAnswer {
  const etag = `W/"${String(version)}"`;
  return { resource: { ...consent, meta: { versionId: String(version) } }, headers: { etag } };
}

/** An amendment names the version that it follows. Whatever is no JSON is refused when it is read as a grant. */
function isAmendment(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('utf8').includes('"previousVersion"');
}

function patientOf({ patient }: JsonObject, baseUrl: string): string | undefined {
  if (!isObject(patient)) return undefined;
  const { identifier, reference } = patient;
  if (isObject(identifier) && identifier['system'] === OWN.pseudonym) return pseudonymOrNone(textOf(identifier['value']));
  return patientOfReference(textOf(reference), baseUrl);
}

/** Revokes what the patient has signed to be revoked. */
async function revoke(call: FacadeCall): Promise<FacadeAnswer> {
  const request = textOf(parameterOf(await call.sentResource(), 'request')['valueBase64Binary']);
  const { result } = await call.staff.ledger.submit(carriedRequest(transactions.RevokePolicy, request));
  const value = { name: 'version', valuePositiveInt: result.version };
  return { resource: { resourceType: 'Parameters', parameter: [{ name: 'status', valueCode: 'inactive' }, value] } };
}

const operation = { method: 'POST', type: 'Consent', takesPurpose: false, takesBody: true, parameters: {} } as const;

export const consentInteractions: readonly Interaction[] = [
  {
    ...{ name: 'search', method: 'GET', path: '/Consent', type: 'Consent', does: { interaction: 'search-type' } },
    ...{ scope: { type: 'Consent', letter: 's' }, takesPurpose: true, takesBody: false, parameters: consentParameters, run: find },
  },
  {
    ...{
      ...operation,
      name: '$file-consent',
      path: '/Consent/$file-consent',
      does: { operation: 'file-consent', definition: `${GUIDE}file-consent` },
    },
    ...{ scope: { type: 'Consent', letter: 'c' }, run: file },
  },
  {
    ...{
      ...operation,
      name: '$revoke-consent',
      path: '/Consent/$revoke-consent',
      does: { operation: 'revoke-consent', definition: `${GUIDE}revoke-consent` },
    },
    ...{ scope: { type: 'Consent', letter: 'u' }, run: revoke },
  },
];
