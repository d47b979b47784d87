import {
  canonicalJson,
  type ChannelBinding,
  DomainError,
  hashOfKey,
  type MspId,
  type PublicKey,
  type Pseudonym,
  type RecordId,
  type RecordVersion,
  sha256,
  type TicketId,
  verifySignature,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type DocumentHeader, type ReleaseStatement, type ResultHeader, type WitnessedRelease } from './schemas';

/** Which document the reader asked for, and as whom. */
export interface AskedDocument {
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
  /** The patient of whose record the ticket was asked. */
  readonly pseudonym: Pseudonym;
  /** The channel on which it was asked. */
  readonly network: ChannelBinding;
  /** The reader's own organisation. */
  readonly mspId: MspId;
  /** Of the ephemeral key that only the reader has. */
  readonly ephemeralPublicKey: PublicKey;
}

/** What the node of a reader handed back differs from what was asked, from itself, or from what another member's node says. */
export function answerDiffers(field: string): DomainError {
  return new DomainError('ANSWER_DIFFERS', undefined, { field });
}

/** What a released key is for: a record's version, or a pointer's, whose rows were sealed for this release alone. */
type Released = Pick<RecordVersion, 'pseudonym' | 'recordId' | 'version' | 'cipherSha256' | 'dekCommitment'>;

/** What a custodian's key service signs about the key that it sealed: a node on the way can exchange none of it. */
export function releaseStatementOf(
  record: Released,
  release: Pick<ReleaseStatement, 'channel' | 'genesis' | 'ticketId' | 'releaseId' | 'sealedSha256'>,
): ReleaseStatement {
  const { pseudonym, recordId, version, cipherSha256, dekCommitment } = record;
  const { channel, genesis, ticketId, releaseId, sealedSha256 } = release;
  const place = { channel, genesis, ticketId, releaseId };
  return { t: 'lianyi/release/v1', ...place, pseudonym, recordId, version, cipherSha256, dekCommitment, sealedSha256 };
}

/**
 * Compares an answer with what was asked, and each of its parts with what the custodian's key service signed. Whether that key is the
 * custodian's, only the ledger can say: see {@link assertWitnessed}.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertAnswersAsked(
  { record, key }: { readonly record: Released; readonly key: DocumentHeader['key'] },
  asked: AskedDocument,
): void {
  for (const field of ['pseudonym', 'recordId'] as const) if (record[field] !== asked[field]) throw answerDiffers(`record.${field}`);
  const { statement, publicKey, signature } = key.attestation;
  const { network, ticketId } = asked;
  const sealedSha256 = sha256(base64urlBytes(key.sealedKey));
  const expected = releaseStatementOf(record, { ...network, ticketId, releaseId: key.releaseId, sealedSha256 });
  if (canonicalJson(statement) !== canonicalJson(expected)) throw answerDiffers(`attestation.${differingField(statement, expected)}`);
  if (!verifySignature(publicKey, canonicalJson(statement), signature)) throw answerDiffers('attestation.signature');
}

/**
 * Compares an answer with what another member's node says the ledger has: the ticket is the one the reader signed, the record is this
 * version of this record, and the key is the one whose hash the custodian's registered key service committed.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertWitnessed(
  header: Pick<DocumentHeader, 'key' | 'custodianMspId'> & { readonly record: DocumentHeader['record'] | ResultHeader['pointer'] },
  asked: AskedDocument,
  { ticket, record, release, service }: WitnessedRelease,
): void {
  const { key } = header;
  const recordVersion = ticket.decision === 'permit' ? ticket.recordVersions[ticket.recordIds.indexOf(asked.recordId)] : undefined;
  const same: Readonly<Record<string, readonly [unknown, unknown]>> = {
    'ticket.ticketId': [ticket.ticketId, asked.ticketId],
    'ticket.pseudonym': [ticket.pseudonym, asked.pseudonym],
    'ticket.actor': [ticket.actor.mspId, asked.mspId],
    'ticket.ephemeralPublicKey': [ticket.ephemeralPublicKey, asked.ephemeralPublicKey],
    'ticket.custodianMspId': [ticket.decision === 'permit' ? ticket.custodianMspId : undefined, header.custodianMspId],
    'ticket.recordVersions': [recordVersion, header.record.version],
    record: [canonicalJson(record), canonicalJson(header.record)],
    'release.ticketId': [release.ticketId, asked.ticketId],
    'release.recordId': [release.recordId, asked.recordId],
    'release.releaseId': [release.releaseId, key.releaseId],
    'release.sealedSha256': [release.sealedSha256, key.attestation.statement.sealedSha256],
    'release.service': [release.service.mspId, header.custodianMspId],
    'service.actorTag': [`${service.mspId}:${service.actorTag}`, `${release.service.mspId}:${release.service.actorTag}`],
    'service.publicKeyHash': [service.publicKeyHash, hashOfKey(key.attestation.publicKey)],
  };
  const differing = Object.entries(same).find(([, [seen, expected]]) => seen !== expected);
  if (differing !== undefined) throw answerDiffers(differing[0]);
}

function differingField(left: object, right: object): string {
  const valueIn = (value: object, key: string): unknown => (Object.entries(value).find(([name]) => name === key) ?? [])[1];
  return Object.keys(right).find((key) => valueIn(left, key) !== valueIn(right, key)) ?? 'statement';
}
