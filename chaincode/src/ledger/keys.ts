/**
 * The one place where ledger keys are made. `docs/ledger-keys.md` is printed from the two tables below.
 *
 * A key is Fabric's composite key: U+0000, object type, U+0000, each part followed by U+0000. Every part must be a plain id, so no
 * part holds a separator and no id reaches another's key.
 */
const KEY_PART = /^[A-Za-z0-9_-]{1,64}$/;

/** How one entity is named on the ledger. */
export type EntityKey<Parts extends readonly string[] = readonly string[]> = {
  readonly objectType: string;
  readonly parts: Parts;
  readonly summary: string;
};

const entity = <const Parts extends readonly string[]>(objectType: string, parts: Parts, summary: string): EntityKey<Parts> => ({
  objectType,
  parts,
  summary,
});

/** One string for each named part. */
export type KeyParts<Parts extends readonly string[]> = { readonly [Index in keyof Parts]: string };

export const publicKeys = {
  parameter: entity('parameter', ['name'], 'Facts of the network that hold for every member, such as the genesis hash.'),
  organisation: entity('organisation', ['mspId'], 'A member: its state, kinds and key-encapsulation keys.'),
  endpoint: entity('endpoint', ['mspId', 'endpointId'], 'Where a member serves FHIR, ciphertext or keys.'),
  staff: entity(
    'staff',
    ['mspId', 'actorTag'],
    'What a member says of one of its staff: roles, duty, key hash, state. Read by every staff transaction.',
  ),
  card: entity('card', ['cardId'], 'An e-card and its state.'),
  pseudonym: entity('pseudonym', ['pseudonym'], 'One patient towards one hospital: the hash of the next one-time key.'),
  relationship: entity('relationship', ['pseudonym', 'mspId'], 'What binds a patient and a hospital, and its state.'),
  record: entity('record', ['pseudonym', 'recordId'], 'The current version of a record: hashes, coarse class, locators.'),
  recordVersion: entity('recordVersion', ['pseudonym', 'recordId', 'version'], 'Each version of a record, for good.'),
  grant: entity('grant', ['pseudonym', 'granteeKind', 'mspId', 'name'], 'What a patient permits or denies one grantee.'),
  defaultPolicy: entity('defaultPolicy', ['class'], 'What holds for a class of records where the patient has said nothing.'),
  access: entity('access', ['ticketId'], 'A decision, permit or deny, and what it rested on.'),
  accessEvent: entity(
    'accessEvent',
    ['pseudonym', 'invertedTime', 'txId', 'index'],
    "The patient's audit: one line for each transaction about them, newest first.",
  ),
  keyRelease: entity('keyRelease', ['ticketId', 'releaseId'], 'A key that the custodian handed out on a permit.'),
} as const;

/** Keys inside the implicit collection of the one organisation that may see them. */
export const privateKeys = {
  identifierLink: entity('identifierLink', ['linkId'], 'Which identifier belongs to which pseudonym. Purged by UnlinkIdentifier.'),
  envelope: entity(
    'envelope',
    ['pseudonym', 'recordId', 'keyEpoch'],
    "A record's key wrapped to its custodian, with its fine metadata. Purged by PurgeEnvelopes.",
  ),
} as const;

/**
 * Builds the key of one entity.
 *
 * @remarks Source: core/chaincode/shim CreateCompositeKey of Fabric's chaincode shims.
 */
export function keyOf<const Parts extends readonly string[]>(entityKey: EntityKey<Parts>, parts: KeyParts<Parts>): string {
  if (parts.length !== entityKey.parts.length) {
    throw new Error(`${entityKey.objectType} has ${entityKey.parts.length} key parts, got ${parts.length}`);
  }
  return prefixOf(entityKey, parts);
}

/** Builds the common beginning of the keys under the first parts. */
export function prefixOf(entityKey: EntityKey, parts: readonly string[]): string {
  const bad = parts.findIndex((part) => !KEY_PART.test(part));
  if (bad >= 0) {
    throw new Error(`${entityKey.objectType}: key part ${String(entityKey.parts[bad])} is not an id`);
  }
  return `\u0000${entityKey.objectType}\u0000${parts.map((part) => `${part}\u0000`).join('')}`;
}

const VERSION_DIGITS = 6;

/** A version or key epoch in fixed width, so that they sort. */
export function versionPart(version: number): string {
  return String(version).padStart(VERSION_DIGITS, '0');
}

/** The year 2286: beyond it the inverted time would change its width. */
const LAST_MILLISECOND = 9_999_999_999_999;

/** Counts down, so that a prefix scan meets the newest line first. */
export function invertedTimePart(epochMilliseconds: number): string {
  const inverted = LAST_MILLISECOND - epochMilliseconds;
  if (!Number.isInteger(inverted) || inverted < 0 || inverted > LAST_MILLISECOND) {
    throw new Error('the time lies outside of what an audit key can hold');
  }
  return String(inverted).padStart(String(LAST_MILLISECOND).length, '0');
}

const INDEX_DIGITS = 3;

/** The number of an audit line within its transaction. */
export function indexPart(index: number): string {
  return String(index).padStart(INDEX_DIGITS, '0');
}
