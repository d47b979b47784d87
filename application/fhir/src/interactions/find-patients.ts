import {
  DomainError,
  identifierSchema,
  newRequest,
  type Pseudonym,
  pseudonymSchema,
  saltSchema,
  encodeBase64url,
  hashOfJson,
  spellIdentifier,
  transactions,
} from '@lianyi/domain';
import { newSalt } from '@lianyi/client';
import { OWN } from '@lianyi/documents/consent';
import { isObject, itemsOf, type JsonObject } from '@lianyi/documents/json-object';
import { knownPseudonym, patientOfCard, patientOfNumber } from '../acting/find-patient';
import { searchBundle } from '../asking/answer-pages';
import { pseudonymOrNone } from '../asking/patient-named';
import { notTaken, type ParameterRules, type Question, soleValue, tokenOf } from '../asking/question';
import { houseIdOf } from '../resources/fhir-id';
import { type KnownPseudonym, patientResourceOf, pseudonymIdentifier } from '../resources/patient-resource';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';
import { submissionNotTaken } from './submitted-document';

/** A card's code as it is shown, base64url of what the QR code holds. */
const CARD_TOKEN = 'urn:lianyi:card-token';
const NUMBER = 'urn:lianyi:identifier:';
const IHE_PIX = 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix';

const patientSearch: ParameterRules = { identifier: { type: 'token' }, _id: { type: 'token' } };
const pixParameters: ParameterRules = {
  sourceIdentifier: { type: 'token', isOurs: true },
  targetSystem: { type: 'string', isOurs: true, most: 4 },
};

/** Whom an identifier names: a pseudonym, a card's code, or a number that the own hospital has linked. */
async function whoseIdentifier(call: FacadeCall, name: string, text: string): Promise<KnownPseudonym | undefined> {
  const { system, code } = tokenOf(name, text);
  if (system === OWN.pseudonym) {
    const pseudonym = pseudonymOrNone(code);
    return pseudonym === undefined ? undefined : knownPseudonym(call.staff, pseudonym);
  }
  if (system === CARD_TOKEN) return patientOfCard(call.staff, code);
  const number = system === undefined ? undefined : numberSystem(call, system);
  if (number === undefined) throw notTaken(name, 'no system of identifiers that is known here');
  return patientOfNumber(call.staff, number, code);
}

function numberSystem({ numberSystems }: FacadeCall, system: string): string | undefined {
  return numberSystems.get(system) ?? (system.startsWith(NUMBER) ? system.slice(NUMBER.length) : undefined);
}

async function named(call: FacadeCall): Promise<KnownPseudonym | undefined> {
  const { question } = call;
  const [identifier, id] = [soleValue(question, 'identifier'), soleValue(question, '_id')];
  if ((identifier === undefined) === (id === undefined))
    throw notTaken('identifier', 'the patient, once; names and dates of birth are not kept here');
  if (identifier !== undefined) return whoseIdentifier(call, 'identifier', identifier);
  const pseudonym = pseudonymOrNone(houseIdOf(id ?? '') ?? '');
  return pseudonym === undefined ? undefined : knownPseudonym(call.staff, pseudonym);
}

async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const known = await named(call);
  const resources = known === undefined ? [] : [patientResourceOf(known)];
  return { resource: searchBundle(call.baseUrl, 'Patient', echoed(call.question), { resources }) };
}

/** A card's code and a person's number are not written into an answer, which is kept longer than a request. */
function echoed(question: Question): Question {
  const isPlain = soleValue(question, 'identifier')?.startsWith(`${OWN.pseudonym}|`) === true || question.has('_id');
  return isPlain ? question : new Map();
}

/** The pseudonym of a path that names a patient. @throws DomainError `NOT_FOUND` */
export function patientOfPath({ id }: FacadeCall): Pseudonym {
  const parsed = pseudonymSchema.safeParse(houseIdOf(id));
  if (!parsed.success) throw new DomainError('NOT_FOUND');
  return parsed.data;
}

async function read(call: FacadeCall): Promise<FacadeAnswer> {
  const known = await knownPseudonym(call.staff, patientOfPath(call));
  if (known === undefined) throw new DomainError('NOT_FOUND');
  return { resource: patientResourceOf(known) };
}

/**
 * ITI-83: by which pseudonyms the patient is known to who asks: the one at the own hospital, and those by which they have introduced themself to it.
 *
 * @remarks Source: IHE ITI PIXm 3.0 §3.83: an unknown patient is 404, an unknown system 400.
 */
async function crossReference(call: FacadeCall): Promise<FacadeAnswer> {
  const source = soleValue(call.question, 'sourceIdentifier');
  if (source === undefined) throw notTaken('sourceIdentifier', 'missing');
  const targets = call.question.get('targetSystem') ?? [OWN.pseudonym];
  if (targets.some((system) => system !== OWN.pseudonym)) throw notTaken('targetSystem', 'pseudonyms only');
  const known = await whoseIdentifier(call, 'sourceIdentifier', source);
  if (known === undefined) throw new DomainError('NOT_FOUND');
  const others = await call.staff.node.introduced(known.pseudonym).catch((error: unknown) => {
    // who may not ask to read is told no other hospital; it is the own number's pseudonym that they asked for
    if (call.staff.department === undefined) return [];
    throw error;
  });
  const parameter = [known, ...others].map((each) => ({ name: 'targetIdentifier', valueIdentifier: pseudonymIdentifier(each) }));
  return { resource: { resourceType: 'Parameters', parameter } };
}

/**
 * ITI-104: links a number of the own hospital's to a pseudonym that it has registered. The pseudonym is made by the patient's wallet, never here.
 */
async function feed(call: FacadeCall): Promise<FacadeAnswer> {
  const { pseudonym, number } = fedLink(call, await call.sentResource());
  const known = await knownPseudonym(call.staff, pseudonym);
  if (known?.mspId !== call.staff.mspId) throw new DomainError('NOT_FOUND');
  const isNew = (await patientOfNumber(call.staff, number.system, number.value))?.pseudonym !== pseudonym;
  if (isNew) await link(call, pseudonym, number);
  return { status: isNew ? 201 : 200, resource: patientResourceOf(known) };
}

type Linked = { readonly pseudonym: Pseudonym; readonly number: { readonly system: string; readonly value: string } };

/** The number that a feed's address names and the pseudonym beside it. @throws DomainError `SUBMISSION_NOT_TAKEN` */
function fedLink(call: FacadeCall, resource: JsonObject): Linked {
  const asked = tokenOf('identifier', soleValue(call.question, 'identifier') ?? '|');
  const identifiers = itemsOf(resource['identifier']).filter(isObject);
  const said = identifiers.find(({ system }) => system === OWN.pseudonym)?.['value'];
  const pseudonym = typeof said === 'string' ? pseudonymOrNone(said) : undefined;
  const isSame = identifiers.some(({ system, value }) => system === asked.system && value === asked.code);
  const system = numberSystem(call, asked.system ?? '');
  if (resource['resourceType'] !== 'Patient' || pseudonym === undefined || !isSame || system === undefined)
    throw submissionNotTaken('Patient.identifier', 'the number that the request names, and the pseudonym');
  return { pseudonym, number: { system, value: asked.code } };
}

async function link(
  { staff }: FacadeCall,
  pseudonym: Pseudonym,
  number: { readonly system: string; readonly value: string },
): Promise<void> {
  const identifier = spellIdentifier(identifierSchema.parse(number));
  const linkId = await staff.node.linkIdOf(identifier);
  const transient = { linkId, pseudonym, ...identifier, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  await staff.ledger.submit(newRequest(transactions.LinkIdentifier, { linkId, transientSha256: hashOfJson(transient) }, { transient }));
}

const search: Omit<Interaction, 'method' | 'path'> = {
  ...{ name: 'ITI-78', type: 'Patient', does: { interaction: 'search-type' }, scope: { type: 'Patient', letter: 's' } },
  ...{ takesPurpose: true, takesBody: false, parameters: patientSearch, run: find },
};
const pix: Omit<Interaction, 'method' | 'path'> = {
  ...{ name: 'ITI-83', type: 'Patient', does: { operation: 'ihe-pix', definition: IHE_PIX }, scope: { type: 'Patient', letter: 'r' } },
  ...{ takesPurpose: true, takesBody: false, parameters: pixParameters, run: crossReference },
};

export const patientInteractions: readonly Interaction[] = [
  { ...search, method: 'GET', path: '/Patient' },
  { ...search, method: 'POST', path: '/Patient/_search' },
  { ...pix, method: 'GET', path: '/Patient/$ihe-pix' },
  {
    ...{ name: 'read', method: 'GET', path: '/Patient/:id', type: 'Patient', does: { interaction: 'read' } },
    ...{ scope: { type: 'Patient', letter: 'r' }, takesPurpose: true, takesBody: false, parameters: {}, run: read },
  },
  {
    ...{ name: 'ITI-104', method: 'PUT', path: '/Patient', type: 'Patient', does: { interaction: 'update' } },
    ...{
      scope: { type: 'Patient', letter: 'u' },
      takesPurpose: false,
      takesBody: true,
      parameters: { identifier: { type: 'token' } },
      run: feed,
    },
  },
];
