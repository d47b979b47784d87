import {
  ActingLedger,
  type MemberNodeClient,
  type RequestSigner,
  type RequestToSign,
  staffProofs,
  staffStatementFor,
} from '@lianyi/client';
import { connectMemberNode, loadCertificateFile, loadKeyFile } from '@lianyi/client/node';
import { actorTagSchema, type Instant, instantOf, mspIdSchema, type StaffStatement } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type StaffProfile } from '../profiles/profile';
import { networkOf } from './network-identity';
import { type LedgerSession } from './session';

/** Where a member node is, as profiles say it. */
export type NodeAddress = Pick<StaffProfile, 'nodeUrl' | 'tlsCaFile'>;
/** Where another member's node is that is asked what the ledger has. */
export type WitnessAddress = Pick<StaffProfile, 'witnessUrl' | 'witnessTlsCaFile'>;

/** A staff member signs each request; the own member node carries it and cannot change a byte. */
export interface StaffSession extends LedgerSession {
  /** For what the node does by itself: documents. */
  readonly node: MemberNodeClient;
  readonly sign: RequestSigner;
  /** What {@link sign} would sign. */
  statementOf(transaction: RequestToSign['transaction'], input: unknown): StaffStatement;
}

export async function openStaffSession(call: CommandCall): Promise<StaffSession> {
  const { profile } = call.actorOf('staff');
  const node = await connect(profile);
  const signer = {
    network: networkOf(profile),
    mspId: mspIdSchema.parse(profile.mspId),
    actorTag: actorTagSchema.parse(profile.actorTag),
    privateKey: await loadKeyFile(profile.keyFile),
  };
  const sign = staffProofs(signer, clockOf(call));
  const statementOf: StaffSession['statementOf'] = (transaction, input) =>
    staffStatementFor(signer, { transaction, input }, clockOf(call)());
  return {
    ...{ node, sign, statementOf, ledger: new ActingLedger(node.ledger, sign) },
    unsent: (request) => Promise.resolve({ to: node.url, request, statement: statementOf(request.entry, request.input) }),
    close: () => {
      node.close();
    },
  };
}

/** The node that is asked what the ledger has, besides the one that carries commands; undefined if none is named. */
export async function witnessOf({ witnessUrl, witnessTlsCaFile }: WitnessAddress): Promise<MemberNodeClient | undefined> {
  if (witnessUrl === undefined || witnessTlsCaFile === undefined) return undefined;
  return connect({ nodeUrl: witnessUrl, tlsCaFile: witnessTlsCaFile });
}

/** The member node at an address. @throws DomainError `CERTIFICATE_UNUSABLE` — details: file, field, cause */
export async function connect({ nodeUrl, tlsCaFile }: NodeAddress): Promise<MemberNodeClient> {
  return connectMemberNode({ url: nodeUrl, tlsCa: await loadCertificateFile(tlsCaFile, 'tlsCaFile') });
}

/** The time as the terminal has it. */
export function clockOf({ terminal }: CommandCall): () => Instant {
  return () => instantOf(terminal.now().getTime());
}
