import { createHash } from 'node:crypto';
import { type Transaction } from '@hyperledger/fabric-gateway';
import { bytesOf, common, gateway, ledger, marshal, peer } from '@lianyi/fabric-protocol';
import { type Craftsman } from '../craft';

type Endorsement = InstanceType<typeof peer.Endorsement>;
type Envelope = InstanceType<typeof common.Envelope>;
type NsReadWriteSet = InstanceType<typeof ledger.rwset.NsReadWriteSet>;
type KVRWSet = InstanceType<typeof ledger.rwset.kvrwset.KVRWSet>;

function endorse(signer: Craftsman, payload: Buffer): Endorsement {
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(signer.creator);
  endorsement.setSignature(signer.sign(Buffer.concat([payload, signer.creator])));
  return endorsement;
}

/** Bytes that stand for a part whatever the parts below say. */
interface Replaced {
  data?: Buffer;
  executed?: Buffer;
  results?: Buffer;
}

/** An endorsed transaction taken apart, to be changed by its client and by endorsers that collude with it. */
export class Draft {
  readonly replaced: Replaced = {};
  /** How often the transaction carries its action. */
  actions = 1;
  endorsements: readonly Endorsement[];
  /** Peers that sign whatever the draft says now; the endorsements there were are dropped. */
  accomplices: readonly Craftsman[] = [];

  readonly channelHeader: InstanceType<typeof common.ChannelHeader>;
  readonly signatureHeader: InstanceType<typeof common.SignatureHeader>;
  readonly actionHeader: InstanceType<typeof common.SignatureHeader>;
  readonly actionPayload: InstanceType<typeof peer.ChaincodeActionPayload>;
  readonly response: InstanceType<typeof peer.ProposalResponsePayload>;
  readonly executed: InstanceType<typeof peer.ChaincodeAction>;
  readonly results: InstanceType<typeof ledger.rwset.TxReadWriteSet>;

  /** Of a transaction that was endorsed, as the gateway client has it. */
  constructor(transaction: Pick<Transaction, 'getBytes'>) {
    const envelope = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes()).getEnvelope();
    const payload = common.Payload.deserializeBinary(envelope?.getPayload_asU8() ?? new Uint8Array());
    const header = payload.getHeader() ?? new common.Header();
    const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    this.channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    this.signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    this.actionHeader = common.SignatureHeader.deserializeBinary(action?.getHeader_asU8() ?? new Uint8Array());
    this.actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
    const endorsed = this.actionPayload.getAction() ?? new peer.ChaincodeEndorsedAction();
    this.endorsements = endorsed.getEndorsementsList();
    this.response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
    this.executed = peer.ChaincodeAction.deserializeBinary(this.response.getExtension_asU8());
    this.results = ledger.rwset.TxReadWriteSet.deserializeBinary(this.executed.getResults_asU8());
  }

  /** Changes the public reads and writes of a namespace, adding the namespace where there is none. */
  changeNamespace(name: string, change: (rwset: KVRWSet) => void): void {
    const namespace = this.results.getNsRwsetList().find((each) => each.getNamespace() === name) ?? this.addNamespace(name);
    const rwset = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8());
    change(rwset);
    namespace.setRwset(marshal(rwset));
  }

  /** Adds a namespace, also one there is already. */
  addNamespace(name: string): NsReadWriteSet {
    const namespace = new ledger.rwset.NsReadWriteSet();
    namespace.setNamespace(name);
    this.results.addNsRwset(namespace);
    return namespace;
  }

  /** The envelope as the draft says now, signed by the client. */
  seal(client: Craftsman): Envelope {
    const header = new common.Header();
    header.setChannelHeader(marshal(this.channelHeader));
    header.setSignatureHeader(marshal(this.signatureHeader));
    const payload = new common.Payload();
    payload.setHeader(header);
    payload.setData(this.replaced.data ?? this.#data());
    const envelope = new common.Envelope();
    envelope.setPayload(marshal(payload));
    envelope.setSignature(client.sign(marshal(payload)));
    return envelope;
  }

  #data(): Buffer {
    const action = new peer.TransactionAction();
    action.setHeader(marshal(this.actionHeader));
    action.setPayload(this.#sealedActionPayload());
    const transaction = new peer.Transaction();
    for (let count = 0; count < this.actions; count += 1) transaction.addActions(action);
    return marshal(transaction);
  }

  #sealedActionPayload(): Buffer {
    const payload = this.#sealedResponse();
    const action = new peer.ChaincodeEndorsedAction();
    action.setProposalResponsePayload(payload);
    action.setEndorsementsList(
      this.accomplices.length === 0 ? [...this.endorsements] : this.accomplices.map((signer) => endorse(signer, payload)),
    );
    this.actionPayload.setAction(action);
    return marshal(this.actionPayload);
  }

  #sealedResponse(): Buffer {
    this.executed.setResults(this.replaced.results ?? marshal(this.results));
    this.response.setExtension$(this.replaced.executed ?? marshal(this.executed));
    // endorsers that collude also vouch for a changed header (protoutil.GetProposalHash2)
    if (this.accomplices.length > 0) this.response.setProposalHash(this.#proposalHash());
    return marshal(this.response);
  }

  #proposalHash(): Buffer {
    return createHash('sha256')
      .update(marshal(this.channelHeader))
      .update(marshal(this.actionHeader))
      .update(bytesOf(this.actionPayload.getChaincodeProposalPayload_asU8()))
      .digest();
  }
}
