import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChannelLedger, LedgerDatabase } from '@lianyi/embedded-network/testing';
import {
  buildGenesisBlock,
  type CertificateAuthority,
  common,
  computeTxId,
  createCertificateAuthority,
  createSigner,
  issueIdentity,
  marshal,
  newBlock,
  newNonce,
  outOf,
  peer,
  type Signer,
  Timestamp,
} from '@lianyi/fabric-protocol';
import { buildRwSet, type RwSpec, sha256 } from './rwset-fixture';
import { transactionPayload } from './transaction-payload';

export const CHANNEL = 'emr';
export const BATCH = { timeoutMillis: 5, maxMessageCount: 10, preferredMaxBytes: 512 * 1024, absoluteMaxBytes: 1024 * 1024 };

export interface Member {
  readonly mspId: string;
  readonly ca: CertificateAuthority;
  readonly tlsCa: CertificateAuthority;
  readonly peer: Signer;
  readonly orderer: Signer;
  readonly client: Signer;
  readonly admin: Signer;
}

/** Issues a certificate with the given OUs and makes a signer of it. */
export async function newSigner(
  member: Pick<Member, 'mspId' | 'ca'>,
  units: readonly string[],
  dates: { readonly notBefore?: Date; readonly notAfter?: Date } = {},
): Promise<Signer> {
  const pair = await issueIdentity(member.ca, {
    commonName: `someone@${member.mspId}`,
    organization: member.mspId,
    organizationalUnits: units,
    ...dates,
  });
  return createSigner(member.mspId, pair.certificatePem, pair.privateKeyPem);
}

export async function newMember(mspId: string): Promise<Member> {
  const ca = await createCertificateAuthority(`ca.${mspId}`, mspId);
  const tlsCa = await createCertificateAuthority(`tlsca.${mspId}`, mspId);
  const of = (unit: string): Promise<Signer> => newSigner({ mspId, ca }, [unit]);
  return { mspId, ca, tlsCa, peer: await of('peer'), orderer: await of('orderer'), client: await of('client'), admin: await of('admin') };
}

export interface Consortium {
  readonly a: Member;
  readonly b: Member;
  readonly c: Member;
  readonly authority: Member;
  readonly genesis: Buffer;
}

/** Three organisations with a peer, one without. */
export async function newConsortium(): Promise<Consortium> {
  const a = await newMember('AMSP');
  const b = await newMember('BMSP');
  const c = await newMember('CMSP');
  const authority = await newMember('AuthorityMSP');
  const organizations = [a, b, c, authority].map(({ mspId, ca, tlsCa }) => ({
    mspId,
    caPem: ca.certificatePem,
    tlsCaPem: tlsCa.certificatePem,
    hasPeer: mspId !== authority.mspId,
    hasOrderer: true,
    isApplication: true,
  }));
  return { a, b, c, authority, genesis: buildGenesisBlock({ channel: CHANNEL, batch: BATCH, organizations }) };
}

export function newLedger(dir: string, genesis?: Buffer): ChannelLedger {
  return new ChannelLedger(new LedgerDatabase(dir), CHANNEL, genesis);
}

export function temporaryDir(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'ledger-'));
  return {
    dir,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export interface TransactionSpec {
  readonly creator: Signer;
  readonly endorsers: readonly Signer[];
  readonly rwSet: RwSpec | Buffer;
  readonly chaincode?: string;
  readonly version?: string;
  readonly channel?: string;
  readonly type?: number;
  readonly epoch?: number;
  readonly txId?: string;
  readonly nonce?: Buffer;
  /** Chaincode named by the event, if there is one. */
  readonly eventOf?: string;
  readonly isProposalHashWrong?: boolean;
  readonly tamper?: (signature: Buffer) => Buffer;
  readonly tamperEndorsement?: (signature: Buffer) => Buffer;
}

export interface BuiltTransaction {
  readonly txId: string;
  readonly envelope: Buffer;
}

function chaincodeId(name: string, version = ''): InstanceType<typeof peer.ChaincodeID> {
  const id = new peer.ChaincodeID();
  id.setName(name);
  id.setVersion(version);
  return id;
}

function actionOf(spec: TransactionSpec, chaincode: string): Buffer {
  const action = new peer.ChaincodeAction();
  action.setResults(Buffer.isBuffer(spec.rwSet) ? spec.rwSet : buildRwSet(spec.rwSet));
  const response = new peer.Response();
  response.setStatus(200);
  action.setResponse(response);
  action.setChaincodeId(chaincodeId(chaincode, spec.version ?? '1.0'));
  if (spec.eventOf !== undefined) {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId(spec.eventOf);
    action.setEvents(marshal(event));
  }
  return marshal(action);
}

function headersOf(spec: TransactionSpec, chaincode: string): { txId: string; channelHeader: Buffer; signatureHeader: Buffer } {
  const nonce = spec.nonce ?? newNonce();
  const txId = spec.txId ?? computeTxId(nonce, spec.creator.serializedIdentity);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(chaincode));
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(spec.type ?? common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setEpoch(spec.epoch ?? 0);
  channelHeader.setChannelId(spec.channel ?? CHANNEL);
  channelHeader.setTxId(txId);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date(1_700_000_000_000)));
  channelHeader.setExtension$(marshal(extension));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(spec.creator.serializedIdentity);
  signatureHeader.setNonce(nonce);
  return { txId, channelHeader: marshal(channelHeader), signatureHeader: marshal(signatureHeader) };
}

/** A whole endorser transaction, as the gateway would have put it together. */
export function buildTransaction(spec: TransactionSpec): BuiltTransaction {
  const chaincode = spec.chaincode ?? 'cc';
  const { txId, channelHeader, signatureHeader } = headersOf(spec, chaincode);
  const proposalPayload = Buffer.from('proposal');
  const hash = createHash('sha256').update(channelHeader).update(signatureHeader).update(proposalPayload).digest();
  const responsePayload = new peer.ProposalResponsePayload();
  responsePayload.setProposalHash(spec.isProposalHashWrong ? sha256('other') : hash);
  responsePayload.setExtension$(actionOf(spec, chaincode));
  const response = marshal(responsePayload);
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response);
  for (const endorser of spec.endorsers) {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser.serializedIdentity);
    const signature = endorser.sign(Buffer.concat([response, endorser.serializedIdentity]));
    endorsement.setSignature(spec.tamperEndorsement?.(signature) ?? signature);
    endorsed.addEndorsements(endorsement);
  }
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposalPayload);
  actionPayload.setAction(endorsed);
  const payload = transactionPayload({ channelHeader, signatureHeader }, actionPayload);
  return { txId, envelope: sign(payload, spec.creator, spec.tamper) };
}

function sign(payload: Buffer, signer: Signer, tamper: ((signature: Buffer) => Buffer) | undefined): Buffer {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  const signature = signer.sign(payload);
  envelope.setSignature(tamper?.(signature) ?? signature);
  return marshal(envelope);
}

/** Commits one block of the given envelopes and answers their codes. */
export function commitBlock(target: ChannelLedger, envelopes: readonly Buffer[]): readonly number[] {
  return target.commit(newBlock(target.state.height, target.blocks.lastBlockHash, envelopes)).codes;
}

export interface CollectionSettings {
  readonly name: string;
  readonly members: readonly string[];
  readonly blockToLive?: number;
  readonly endorsedBy?: readonly string[];
}

function stateData(set: (data: InstanceType<typeof peer.lifecycle.StateData>) => void): Buffer {
  const data = new peer.lifecycle.StateData();
  set(data);
  return marshal(data);
}

function collectionConfig(settings: CollectionSettings): InstanceType<typeof peer.CollectionConfig> {
  const members = new peer.CollectionPolicyConfig();
  members.setSignaturePolicy(
    outOf(
      1,
      settings.members.map((mspId) => ({ mspId, role: 'member' as const })),
    ),
  );
  const config = new peer.StaticCollectionConfig();
  config.setName(settings.name);
  config.setMemberOrgsPolicy(members);
  config.setBlockToLive(settings.blockToLive ?? 0);
  if (settings.endorsedBy) {
    const own = new peer.ApplicationPolicy();
    own.setSignaturePolicy(
      outOf(
        1,
        settings.endorsedBy.map((mspId) => ({ mspId, role: 'peer' as const })),
      ),
    );
    config.setEndorsementPolicy(own);
  }
  const wrapped = new peer.CollectionConfig();
  wrapped.setStaticCollectionConfig(config);
  return wrapped;
}

/** The `_lifecycle` writes that define a chaincode under the channel's Endorsement policy. */
export function definitionWrites(name: string, sequence: number, collections: readonly CollectionSettings[] = []): Record<string, Buffer> {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference('/Channel/Application/Endorsement');
  const rules = new peer.lifecycle.ChaincodeValidationInfo();
  rules.setValidationPlugin('vscc');
  rules.setValidationParameter(marshal(policy));
  const info = new peer.lifecycle.ChaincodeEndorsementInfo();
  info.setVersion('1.0');
  info.setEndorsementPlugin('escc');
  const metadata = new peer.lifecycle.StateMetadata();
  metadata.setDatatype('ChaincodeDefinition');
  metadata.setFieldsList(['Sequence', 'EndorsementInfo', 'ValidationInfo', 'Collections']);
  const configs = new peer.CollectionConfigPackage();
  configs.setConfigList(collections.map(collectionConfig));
  return {
    [`namespaces/fields/${name}/Collections`]: stateData((data) => {
      data.setBytes(marshal(configs));
    }),
    [`namespaces/fields/${name}/EndorsementInfo`]: stateData((data) => {
      data.setBytes(marshal(info));
    }),
    [`namespaces/fields/${name}/Sequence`]: stateData((data) => {
      data.setInt64(sequence);
    }),
    [`namespaces/fields/${name}/ValidationInfo`]: stateData((data) => {
      data.setBytes(marshal(rules));
    }),
    [`namespaces/metadata/${name}`]: marshal(metadata),
  };
}

/** Defines chaincode `cc` by a real `_lifecycle` transaction endorsed by a majority. */
export function defineChaincode(consortium: Consortium, target: ChannelLedger, collections: readonly CollectionSettings[] = []): void {
  const { envelope } = buildTransaction({
    creator: consortium.a.admin,
    endorsers: [consortium.a.peer, consortium.b.peer],
    chaincode: '_lifecycle',
    version: 'syscc',
    rwSet: { _lifecycle: { writes: definitionWrites('cc', 1, collections) } },
  });
  const codes = commitBlock(target, [envelope]);
  if (codes.join() !== '0') throw new Error(`the definition was refused with ${codes.join()}`);
}
