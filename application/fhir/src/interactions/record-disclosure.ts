import {
  DomainError,
  type Grantee,
  newRequest,
  ofRecord,
  recordIdSchema,
  type Request,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { patientOfReference, pseudonymOrNone } from '../asking/patient-named';
import { houseIdOf } from '../resources/fhir-id';
import { granteeOf, parameterOf } from './consents';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';
import { submissionNotTaken } from './submitted-document';

const DEFINITION = 'http://hl7.org/fhir/us/consent-management/OperationDefinition/record-disclosure';
const TICKET = 'urn:lianyi:ticket';
const STAFF = 'urn:lianyi:staff';
/** Who receives it (v3-ParticipationType). */
const RECIPIENT = 'IRCP';
const AT = 'Parameters.parameter';

/**
 * Puts on the ledger that a copy is handed on, before it is: as an AuditEvent says it, under the consent beside it. What was read here is there already, by
 * the very reading. The ledger decides whether the patient lets it be handed on, and the accounting of disclosures has it.
 *
 * @throws DomainError `SUBMISSION_NOT_TAKEN` — it does not say which copy goes to whom, or another consent than the one that the copy rests on; as
 * `DiscloseOnward`
 * @remarks Source: http://hl7.org/fhir/us/consent-management/2026Jan/OperationDefinition-record-disclosure.html.
 */
async function record(call: FacadeCall): Promise<FacadeAnswer> {
  const parameters = await call.sentResource();
  const { resource: event } = parameterOf(parameters, 'disclosure');
  if (!isObject(event) || event['resourceType'] !== 'AuditEvent') throw submissionNotTaken(AT, 'an AuditEvent of a disclosure');
  if (event['outcome'] !== '0') throw submissionNotTaken(`${AT}.resource.outcome`, 'a disclosure that is to be');
  const input = disclosureIn(event);
  await assertItsConsent(call, input, { event, consent: parameterOf(parameters, 'consent')['valueReference'] });
  await call.staff.ledger.submit(newRequest(transactions.DiscloseOnward, input));
  const issue = [{ severity: 'information', code: 'informational', diagnostics: `CopyDisclosed ${input.ticketId} ${input.recordId}` }];
  return { resource: { resourceType: 'OperationOutcome', issue } };
}

/** Which copy, by the ticket under which it was read, and who receives it. */
function disclosureIn(event: JsonObject): Request<typeof transactions.DiscloseOnward> {
  const entities = whatsOf(event);
  const ticketId = ticketIdSchema.safeParse(only(entities.flatMap((what) => identifierOf(what, TICKET)))).data;
  const records = entities.flatMap((what) => [...identifierOf(what, OWN.record), ...documentReferred(what)]);
  const recordId = recordIdSchema.safeParse(only(records)).data;
  if (ticketId === undefined || recordId === undefined) throw submissionNotTaken(`${AT}.resource.entity`, 'one ticket and one record');
  const receivers = itemsOf(event['agent'])
    .filter(isObject)
    .filter(isRecipient)
    .flatMap(({ who }) => (isObject(who) ? identifierOf(who, STAFF) : []));
  const [mspId, actorTag, department, more] = only(receivers)?.split(':') ?? [];
  const to = transactions.DiscloseOnward.request.shape.to.safeParse({ mspId, actorTag, department });
  if (!to.success || more !== undefined) throw submissionNotTaken(`${AT}.resource.agent`, 'one recipient: MSP:TAG:DEPARTMENT');
  return { ticketId, recordId, to: to.data };
}

/** The consent that is named is one that the copy rests on, and the patient whose it is. @throws DomainError `SUBMISSION_NOT_TAKEN` */
async function assertItsConsent(
  { staff, baseUrl }: FacadeCall,
  { ticketId, recordId }: Request<typeof transactions.DiscloseOnward>,
  { event, consent }: { readonly event: JsonObject; readonly consent: unknown },
): Promise<void> {
  const grantee = granteeOf(only(isJsonObject(consent) ? identifierOf(consent, OWN.grantee) : []) ?? '');
  if (grantee === undefined) throw submissionNotTaken(AT, 'a consent, by its grantee');
  const ticket = await staff.ledger.evaluate(newRequest(transactions.GetDecision, { ticketId }));
  const patients = whatsOf(event).flatMap((what) => patientReferred(what, baseUrl));
  if (patients.some((patient) => patient !== ticket.pseudonym))
    throw submissionNotTaken(`${AT}.resource.entity`, 'the patient of the ticket');
  const decided = ofRecord(ticket, recordIdSchema.parse(recordId));
  if (decided.decision !== 'permit') throw new DomainError('NOT_OPENED');
  const isItsOwn = decided.grantVersions.some((each) => isSame(each.grantee, grantee));
  if (!isItsOwn) throw submissionNotTaken(AT, 'the consent that the copy rests on');
}

function isSame(one: Grantee, other: Grantee): boolean {
  return one.kind === other.kind && one.mspId === other.mspId && one.name === other.name;
}

function isRecipient({ type }: JsonObject): boolean {
  const codings = isObject(type) ? itemsOf(type['coding']).filter(isObject) : [];
  return codings.some(({ code }) => code === RECIPIENT);
}

function whatsOf(event: JsonObject): readonly JsonObject[] {
  return itemsOf(event['entity'])
    .filter(isObject)
    .map(({ what }) => what)
    .filter(isObject);
}

/** The identifier of a reference, if it is of this system. */
function identifierOf({ identifier }: JsonObject, system: string): readonly string[] {
  return isObject(identifier) && identifier['system'] === system ? [textOf(identifier['value'])] : [];
}

function documentReferred({ reference }: JsonObject): readonly string[] {
  const [, id] = /^DocumentReference\/([A-Za-z0-9.-]{1,64})$/.exec(textOf(reference)) ?? [];
  const named = id === undefined ? undefined : houseIdOf(id);
  return named === undefined ? [] : [named];
}

function patientReferred(what: JsonObject, baseUrl: string): readonly (string | undefined)[] {
  const [identified] = identifierOf(what, OWN.pseudonym);
  if (identified !== undefined) return [pseudonymOrNone(identified)];
  const reference = textOf(what['reference']);
  return /(?:^|\/)Patient\//.test(reference) ? [patientOfReference(reference, baseUrl)] : [];
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value as JsonObject | undefined); // of a resource that was parsed
}

/** What stands there once; nothing of what stands there twice. */
function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

const operation: Omit<Interaction, 'path'> = {
  ...{ name: '$record-disclosure', method: 'POST', type: 'AuditEvent', takesPurpose: false, takesBody: true, parameters: {} },
  ...{ does: { operation: 'record-disclosure', definition: DEFINITION }, scope: { type: 'AuditEvent', letter: 'c' }, run: record },
};

export const disclosureInteractions: readonly Interaction[] = [
  { ...operation, path: '/AuditEvent/$record-disclosure' },
  // the guide's own spelling
  { ...operation, path: '/AuditEvent/$recordDisclosure' },
];
