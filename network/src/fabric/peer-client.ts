import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, type requestCallback } from '@grpc/grpc-js';
import { loadSigner } from '../crypto/signer';
import { type Signer } from '../embedded/ports';
import { ADMIN_USER, organizationPaths } from '../organizations/layout';
import { bytesOf, type common, gateway, marshal, peer } from '../wire/proto';
import { OperatorError } from './operator-error';
import { type PeerNode } from './plan';
import { type Call, signCall, type SignedCall, signTransaction } from './transaction';

const CALL_MILLIS = 60_000;
const OK = 200;

/** One organisation's administrator at its own peer. */
export class PeerClient {
  private readonly endorser: peer.EndorserClient;
  private readonly gateway: gateway.GatewayClient;
  readonly signer: Signer;

  constructor(
    readonly node: PeerNode,
    dataDir: string,
  ) {
    const paths = organizationPaths(dataDir, node.organization);
    const tls = credentials.createSsl(readFileSync(join(paths.node('peer').tls, 'ca.crt')));
    const options = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
    const address = `localhost:${node.ports.service}`;
    this.endorser = new peer.EndorserClient(address, tls, options);
    this.gateway = new gateway.GatewayClient(address, tls, options);
    this.signer = loadSigner(paths.user(ADMIN_USER).msp, node.organization.mspId);
  }

  close(): void {
    this.endorser.close();
    this.gateway.close();
  }

  /** Sends a signed call; a refusal by the peer becomes an {@link OperatorError} with the peer's own words. */
  async propose(call: SignedCall): Promise<peer.ProposalResponse> {
    const answer = await unary<peer.ProposalResponse>(this.what('was asked'), (done) => {
      this.endorser.processProposal(call.signed, deadline(), done);
    });
    const response = answer.getResponse();
    if (response?.getStatus() !== OK) throw new OperatorError('FABRIC_REFUSED', `${this.node.name} refused: ${response?.getMessage() ?? 'no response'}`);
    return answer;
  }

  /** Signs and sends a call that only reads, or that changes the peer itself; answers its payload. */
  async ask(call: Call): Promise<Buffer> {
    const answer = await this.propose(signCall(call, this.signer));
    return bytesOf(answer.getResponse()?.getPayload_asU8() ?? new Uint8Array());
  }

  /** Endorses at the given peers, orders, and waits until this peer has committed it as valid. */
  async submit(call: Call, endorsers: readonly PeerClient[]): Promise<void> {
    const signed = signCall(call, this.signer);
    const responses = await Promise.all(endorsers.map((endorser) => endorser.propose(signed)));
    await this.order(signed, signTransaction(signed, responses, this.signer));
    await this.committed(signed);
  }

  private async order(call: SignedCall, envelope: common.Envelope): Promise<void> {
    const request = new gateway.SubmitRequest();
    request.setChannelId(call.channelId);
    request.setTransactionId(call.transactionId);
    request.setPreparedTransaction(envelope);
    await unary<gateway.SubmitResponse>(this.what('was given a transaction'), (done) => {
      this.gateway.submit(request, deadline(), done);
    });
  }

  private async committed(call: SignedCall): Promise<void> {
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(call.channelId);
    request.setTransactionId(call.transactionId);
    request.setIdentity(this.signer.serializedIdentity);
    const signed = new gateway.SignedCommitStatusRequest();
    const bytes = marshal(request);
    signed.setRequest(bytes);
    signed.setSignature(this.signer.sign(bytes));
    const status = await unary<gateway.CommitStatusResponse>(this.what('was asked for a commit'), (done) => {
      this.gateway.commitStatus(signed, deadline(), done);
    });
    if (status.getResult() === peer.TxValidationCode.VALID) return;
    const name = Object.entries(peer.TxValidationCode).find(([, code]) => code === status.getResult())?.[0] ?? 'unknown';
    throw new OperatorError('FABRIC_REFUSED', `transaction ${call.transactionId} was committed as invalid: ${name}`);
  }

  private what(happened: string): string {
    return `${this.node.name} ${happened}`;
  }
}

function deadline(): { readonly deadline: number } {
  return { deadline: Date.now() + CALL_MILLIS };
}

async function unary<T>(what: string, send: (done: requestCallback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, value) => {
      if (value !== undefined && error === null) resolve(value);
      else reject(new OperatorError('FABRIC_REFUSED', `${what}: ${error?.details ?? 'no answer'}`, { cause: error }));
    });
  });
}
