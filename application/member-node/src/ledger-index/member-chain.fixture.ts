import { X509Certificate } from 'node:crypto';
import { newPrivateKey, type PrivateKey, publicKeyOf, signStaffRequest } from '@lianyi/client';
import {
  type ActorTag,
  actorTagSchema,
  addMilliseconds,
  canonicalJson,
  type DefaultPolicies,
  encodeArgument,
  hashOfKey,
  idNonceSchema,
  type Instant,
  instantOf,
  type MspId,
  mspIdSchema,
  type OrganisationKind,
  pseudonymOf,
  recordIdOf,
  type Request,
  type Role,
  sha256,
  sha256Schema,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdOf,
  transactions,
} from '@lianyi/domain';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { type Call } from './block-of-calls.fixture';

export const NOW = Date.parse('2026-03-01T10:00:00.000Z');
export const genesis = sha256Schema.parse(Buffer.alloc(32, 1).toString('base64url'));
export const network = { channel: 'emr', chaincode: 'emr', genesis };
export const A = mspIdSchema.parse('AMSP');
export const nonce = idNonceSchema.parse('A'.repeat(22));
/** The key with which a patient of A begins. */
export const firstKey = newPrivateKey();
export const pseudonym = pseudonymOf({ mspId: A, firstKeyHash: hashOfKey(publicKeyOf(firstKey)), nonce });

/** Somebody who works for a member, by the key of the staff entry. */
export interface Person {
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  readonly roles: readonly Role[];
  readonly departments: readonly string[];
  readonly key: PrivateKey;
}

export function person(mspId: string, tag: string, roles: readonly Role[], departments: readonly string[] = []): Person {
  return { mspId: mspIdSchema.parse(mspId), actorTag: actorTagSchema.parse(tag), roles, departments, key: newPrivateKey() };
}

export const cardiologistB = person('BMSP', 'cardiologist', ['clinician'], ['cardiology']);
export const recordAdminA = person('AMSP', 'records', ['recordAdmin']);
export const registrarA = person('AMSP', 'registrar', ['registrar']);
export const hrAdminA = person('AMSP', 'hr', ['hrAdmin']);
export const otherHrAdminA = person('AMSP', 'hr-2', ['hrAdmin']);

/** Certificates of an administrator, of a plain client and of a peer; no peer of these tests looks at who issued them. */
export const certificates = { admin: '', client: '', peer: '' };

/** The administrator of an organisation, as the chaincode names whoever has that certificate. */
export function administratorOf(mspId: string, certificatePem = certificates.admin): object {
  const spki = new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' });
  return { kind: 'administrator', mspId, keyHash: sha256(spki) };
}

/** To be called before the first administrator's transaction. */
export async function issueCertificates(): Promise<void> {
  if (certificates.admin !== '') return;
  const authority = await newAuthority('ca');
  certificates.admin = (await authority.issue('admin,OU=admin')).cert;
  certificates.client = (await authority.issue('user,OU=client')).cert;
  certificates.peer = (await authority.issue('peer0,OU=peer')).cert;
}

export const organisationKey = (mspId: string): string => `\u0000organisation\u0000${mspId}\u0000`;
export const parameterKey = '\u0000accessParameter\u0000default-policies\u0000';
/** The default policies as the chaincode writes them once a majority has adopted them. */
export const parameterEntry = (value: DefaultPolicies, changes: object = {}): string => {
  const setting = { name: 'default-policies', value };
  return canonicalJson({ schemaVersion: 1, setting, version: 2, number: 1, adoptedAt: instantOf(NOW), ...changes });
};
export const endpointKey = (mspId: string, endpointId: string): string => `\u0000endpoint\u0000${mspId}\u0000${endpointId}\u0000`;
export const staffKey = (mspId: string, actorTag: string): string => `\u0000staff\u0000${mspId}\u0000${actorTag}\u0000`;
export const recordKey = (recordId: string): string => `\u0000record\u0000${pseudonym}\u0000${recordId}\u0000`;
export const versionKey = (recordId: string, version: number): string =>
  `\u0000recordVersion\u0000${pseudonym}\u0000${recordId}\u0000${String(version).padStart(6, '0')}\u0000`;
export const ticketKey = (ticketId: string): string => `\u0000access\u0000${ticketId}\u0000`;

type Writes = Call['writes'];

/** Stands in what is written for whoever signs it. */
export const WHO_SIGNS = 'who-signs';

/** Writes in which whoever signs is named. */
export function byWhoSigns(writes: Writes, actor: object): Writes {
  const named = Object.entries(writes ?? {}).map(([key, value]) => [
    key,
    value?.replaceAll(JSON.stringify(WHO_SIGNS), canonicalJson(actor)) ?? null,
  ]);
  return writes && (Object.fromEntries(named) as Writes); // of the same keys
}

/** What a member of staff signs and their hospital's node carries. */
export function signedBy(by: Person, transaction: Call['transaction'], input: object, writes: Writes, at = NOW): Call {
  const proof = signStaffRequest(
    { network, mspId: by.mspId, actorTag: by.actorTag, privateKey: by.key },
    { transaction, input },
    instantOf(at),
  );
  const from = { creatorMspId: by.mspId, creatorCertificate: certificates.client };
  const written = byWhoSigns(writes, { kind: 'staff', mspId: by.mspId, actorTag: by.actorTag });
  return { transaction, argument: encodeArgument({ input, proof }), ...(written && { writes: written }), ...from, atMillis: at };
}

/** What an administrator asks with the certificate itself. */
export function administered(mspId: string, transaction: Call['transaction'], input: object, writes: Writes, at = NOW): Call {
  const from = { creatorMspId: mspId, creatorCertificate: certificates.admin };
  return { transaction, argument: encodeArgument({ input }), ...(writes && { writes }), ...from, atMillis: at };
}

/** What the members have agreed on, for the old key of a patient. */
export const LEAST_COOLING_OFF_MINUTES = 30;

/** An organisation's own administrator registers it. */
export function registered(
  mspId: string,
  kinds: readonly OrganisationKind[] = ['hospital'],
  by = mspId,
  leastCoolingOffMinutes = LEAST_COOLING_OFF_MINUTES,
): Call {
  const input = {
    kinds: [...kinds],
    genesis,
    leastCoolingOffMinutes,
    encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(cardiologistB.key) }],
  };
  const { encapsulationKeys } = input;
  const entry = { schemaVersion: 1, mspId, status: 'active', kinds, encapsulationKeys, registeredAt: instantOf(NOW) };
  const writes = {
    [organisationKey(mspId)]: canonicalJson({ ...entry, origin: { requestHash: sha256('a request'), actor: administratorOf(mspId) } }),
  };
  return administered(by, transactions.RegisterOrganisation, input, writes);
}

export const staffFieldsOf = ({ actorTag, roles, departments, key }: Person): Request<typeof transactions.RegisterStaff> => ({
  actorTag,
  roles: [...roles],
  departments: [...departments],
  publicKeyHash: hashOfKey(publicKeyOf(key)),
  dutyWindows: [],
});

/** A staff entry as the chaincode writes it, but for what is said. */
export function staffEntry(of: Person, changes: object = {}, at: Instant = instantOf(NOW), by = certificates.admin): string {
  const origin = { requestHash: sha256('a request'), actor: administratorOf(of.mspId, by) };
  const entry = { schemaVersion: 1, mspId: of.mspId, ...staffFieldsOf(of), state: 'active', registeredAt: at, changedAt: at, origin };
  return canonicalJson({ ...entry, ...changes });
}

/** Of an entry that a member of staff has made. */
export const originOf = ({ mspId, actorTag }: Person) =>
  ({ requestHash: sha256('a request'), actor: { kind: 'staff', mspId, actorTag } }) as const;

/** Whom the administrator of their hospital has registered, or whoever has that certificate. */
export function hired(who: Person, changes: object = {}, by = certificates.admin): Call {
  const writes = { [staffKey(who.mspId, who.actorTag)]: staffEntry(who, changes, undefined, by) };
  return { ...administered(who.mspId, transactions.RegisterStaff, staffFieldsOf(who), writes), creatorCertificate: by };
}

export const recordId = recordIdOf({ mspId: A, pseudonym, nonce });

function contentOf(seed: string): object {
  const places = [A, mspIdSchema.parse('CMSP')];
  const cipherSha256 = sha256(seed);
  const receipt = (mspId: MspId) => ({
    statement: {
      t: 'lianyi/receipt/v1' as const,
      ...{ objectSha256: cipherSha256, versionHash: sha256('version'), mspId, endpointId: 'vault', storedAt: instantOf(NOW) },
    },
    signature: 'A'.repeat(86),
  });
  return {
    ...{ class: 'laboratory-report', category: 'health-status', dataLevel: 3, confidentiality: 'N', format: 'fhir-r4-json' },
    ...{ displayProfile: 'cn-lab@1', sizeBucket: 12, cipherSha256, contentCommitment: sha256('content'), dekCommitment: sha256('key') },
    ...{ keyEpoch: 1, locators: places.map((mspId) => ({ mspId, endpointId: 'vault' })), receipts: places.map(receipt) },
  };
}

const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: A, actorTag: 'records' } };

/** The record of A as the chaincode writes it, but for what is said. */
export function recordEntry(version: number, changes: object = {}): string {
  const at = instantOf(NOW);
  const of = { pseudonym, recordId, version, state: 'current', custodianMspId: A, authorMspId: A, anchoredAt: at, changedAt: at };
  return canonicalJson({ schemaVersion: 1, ...of, ...contentOf('object'), origin, ...changes });
}

export function versionEntry(version: number, changes: object = {}): string {
  const of = { pseudonym, recordId, version, operation: version === 1 ? 'anchor' : 'amend', at: instantOf(NOW) };
  const previous = version === 1 ? {} : { previousVersion: version - 1 };
  return canonicalJson({ schemaVersion: 1, ...of, ...previous, ...contentOf('object'), origin, ...changes });
}

export function anchored(by: Person = recordAdminA, writes: Writes = {}, at = NOW): Call {
  const input = { pseudonym, recordId, nonce, ...contentOf('object') };
  const written = { [recordKey(recordId)]: recordEntry(1), [versionKey(recordId, 1)]: versionEntry(1) };
  return signedBy(by, transactions.AnchorRecord, input, { ...written, ...writes }, at);
}

export function amended(version: number, by: Person = recordAdminA, writes: Writes = {}, at = NOW): Call {
  const input = { pseudonym, recordId, previousVersion: version - 1, operation: 'amend', ...contentOf('object') };
  const written = { [recordKey(recordId)]: recordEntry(version), [versionKey(recordId, version)]: versionEntry(version) };
  return signedBy(by, transactions.AmendRecord, input, { ...written, ...writes }, at);
}

export function retracted(version: number, by: Person = recordAdminA): Call {
  const changes = { retractionReason: 'other' };
  const written = {
    [recordKey(recordId)]: recordEntry(version, { ...changes, state: 'retracted' }),
    [versionKey(recordId, version)]: versionEntry(version, { ...changes, operation: 'retract' }),
  };
  return signedBy(by, transactions.RetractRecord, { pseudonym, recordId, previousVersion: version - 1, reason: 'other' }, written);
}

export const ticketIdFor = ({ mspId, actorTag }: Person): TicketId => ticketIdOf({ mspId, actorTag, nonce });
const ephemeralPublicKey = publicKeyOf(newPrivateKey());

/** A permit of somebody as the chaincode writes it, but for what is said. */
export function ticketEntry(of: Person, changes: object = {}, at = NOW): string {
  const requestedAt = instantOf(at);
  const ticket = {
    ...{ schemaVersion: 1, ticketId: ticketIdFor(of), pseudonym, recordIds: [recordId], purpose: 'TREAT', ephemeralPublicKey, requestedAt },
    actor: { mspId: of.mspId, actorTag: of.actorTag, roles: [...of.roles], department: of.departments[0] },
    origin: { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: of.mspId, actorTag: of.actorTag } },
    ...{ decision: 'permit', custodianMspId: A, recordVersions: [1], provisionIds: ['p1'], grantVersions: [], state: 'open' },
    expiresAt: addMilliseconds(requestedAt, TICKET_LIFETIME_MS),
  };
  return canonicalJson({ ...ticket, ...changes });
}

/** A request to read, and the permit that is written for it. */
export function asked(by: Person, written: object = {}, input: object = {}, at = NOW): Call {
  const [department] = by.departments;
  const wanted = {
    ticketId: ticketIdFor(by),
    nonce,
    pseudonym,
    recordIds: [recordId],
    purpose: 'TREAT',
    department,
    ephemeralPublicKey,
    ...input,
  };
  return signedBy(by, transactions.RequestAccess, wanted, { [ticketKey(ticketIdFor(by))]: ticketEntry(by, written, at) }, at);
}
