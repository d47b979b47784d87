import { createHash, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { type CertificateAuthority, common, createSigner, issueIdentity, marshal, peer, Timestamp } from '@lianyi/fabric-protocol';

/** Who signs and as whom; a test may join a certificate and a key that do not belong together. */
export interface Craftsman {
  readonly creator: Buffer;
  readonly sign: (bytes: Buffer) => Buffer;
}

/** A certificate and what signs for it; a test may join two that do not belong together. */
export interface Papers {
  readonly mspId: string;
  readonly certificatePem: string;
  readonly privateKey: KeyObject;
}

/** What of a proposal a test wants different from a good one. */
export interface Twist {
  readonly type?: number;
  readonly epoch?: number;
  readonly nonce?: Buffer;
  readonly creator?: Buffer;
  readonly txId?: string;
  /** Milliseconds beside the clock; `null` = no timestamp at all. */
  readonly skewMillis?: number | null;
  readonly extension?: Buffer;
  readonly payload?: Buffer;
  readonly signature?: Buffer;
  readonly channelId?: string;
  readonly args?: readonly string[];
  readonly chaincode?: string;
  /** The call that initialises. */
  readonly isInit?: boolean;
}

export function craftProposal(craftsman: Craftsman, twist: Twist = {}): InstanceType<typeof peer.SignedProposal> {
  const nonce = twist.nonce ?? randomBytes(24);
  const creator = twist.creator ?? craftsman.creator;
  const header = new common.Header();
  header.setChannelHeader(channelHeader(twist, twist.txId ?? createHash('sha256').update(nonce).update(creator).digest('hex')));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(nonce);
  header.setSignatureHeader(marshal(signatureHeader));
  const proposal = new peer.Proposal();
  proposal.setHeader(marshal(header));
  proposal.setPayload(twist.payload ?? chaincodePayload(twist));
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(marshal(proposal));
  signed.setSignature(twist.signature ?? craftsman.sign(marshal(proposal)));
  return signed;
}

function channelHeader(twist: Twist, txId: string): Buffer {
  const header = new common.ChannelHeader();
  header.setType(twist.type ?? 3);
  header.setTxId(txId);
  header.setChannelId(twist.channelId ?? 'emr');
  header.setEpoch(twist.epoch ?? 0);
  if (twist.skewMillis !== null) {
    const timestamp = new Timestamp();
    timestamp.fromDate(new Date(Date.now() + (twist.skewMillis ?? 0)));
    header.setTimestamp(timestamp);
  }
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(twist.chaincode));
  header.setExtension$(twist.extension ?? marshal(extension));
  return marshal(header);
}

function chaincodePayload({ args = ['get', 'crafted'], chaincode, isInit = false }: Twist): Buffer {
  const input = new peer.ChaincodeInput();
  input.setIsInit(isInit);
  input.setArgsList(args.map((arg) => Buffer.from(arg)));
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId(chaincode));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(marshal(invocation));
  return marshal(payload);
}

function chaincodeId(name = 't'): InstanceType<typeof peer.ChaincodeID> {
  const id = new peer.ChaincodeID();
  id.setName(name);
  return id;
}

/** What a test wants in a certificate it makes up. */
export interface PapersRequest {
  readonly units?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate a test made up: of a real authority unless `ca` is foreign, of any role, age and MSP. */
export async function issuePapers(
  ca: CertificateAuthority,
  mspId: string,
  { units = ['client'], ...validity }: PapersRequest = {},
): Promise<Papers> {
  const identity = await issueIdentity(ca, {
    commonName: 'crafted',
    organization: 'hospital-a.example',
    organizationalUnits: units,
    ...validity,
  });
  return { mspId, certificatePem: identity.certificatePem, privateKey: createPrivateKey(identity.privateKeyPem) };
}

export function craftsmanOf({ mspId, certificatePem, privateKey }: Papers): Craftsman {
  const signer = createSigner(mspId, certificatePem, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return { creator: signer.serializedIdentity, sign: (bytes) => signer.sign(bytes) };
}

export async function issueCraftsman(ca: CertificateAuthority, mspId: string, request: PapersRequest = {}): Promise<Craftsman> {
  return craftsmanOf(await issuePapers(ca, mspId, request));
}
