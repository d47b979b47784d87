import { type AssistedProof, type AssistedStatement, type Instant, instantOf, type StaffStatement } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { ActingLedger, type RequestSigner, staffProofs } from '../signing/acting-ledger';
import { assistedStatementFor, coSign, type RequestToSign, staffStatementFor } from '../signing/sign-request';
import { loadKeyFile } from './key-file';
import { connectNode, networkOf } from './member-connection';
import { type StaffProfile } from './profiles/profile';

/** A staff member's way in: each request is signed, the own member node carries it and cannot change a byte. */
export interface StaffSession {
  /** For what the node does by itself: documents. */
  readonly node: MemberNodeClient;
  readonly sign: RequestSigner;
  readonly ledger: ActingLedger;
  /** What {@link sign} would sign. */
  statementOf(transaction: RequestToSign['transaction'], input: unknown): StaffStatement;
  /** What this person and another would sign for a patient who has no device. */
  assistedStatementOf(
    request: RequestToSign,
    about: Pick<AssistedStatement, 'pseudonym' | 'actorTags'> & { readonly after?: AssistedStatement['after'] },
  ): AssistedStatement;
  /** Signs it as one of the two. */
  coSign(statement: AssistedStatement): AssistedProof['signatures'][number];
  close(): void;
}

/** Opens a staff member's session by their profile. @throws {@link DomainError} `KEY_FILE_UNUSABLE`; as {@link connectNode} */
export async function openStaff(profile: StaffProfile, now: () => Instant = () => instantOf(Date.now())): Promise<StaffSession> {
  const node = await connectNode(profile);
  const { mspId, actorTag, keyFile } = profile;
  const signer = { network: networkOf(profile), mspId, actorTag, privateKey: await loadKeyFile(keyFile) };
  const sign = staffProofs(signer, now);
  return {
    ...{ node, sign, ledger: new ActingLedger(node.ledger, sign) },
    statementOf: (transaction, input) => staffStatementFor(signer, { transaction, input }, now()),
    assistedStatementOf: (request, { after, ...about }) =>
      assistedStatementFor({ network: signer.network, msp: mspId, ...about, ...(after === undefined ? {} : { after }) }, request, now()),
    coSign: (statement) => coSign(signer.privateKey, statement),
    close: () => {
      node.close();
    },
  };
}
