import { status } from '@grpc/grpc-js';
import {
  common,
  decodingFault,
  gateway,
  MalformedMessage,
  outlineProposal,
  type peer,
  prepareTransaction,
  type ProposalOutline,
  type SignedData,
} from '@lianyi/fabric-protocol';
import { readersPath, refuseAccess, unknownAtPeer } from '../peer/access';
import { type FindChannel } from '../peer/system-chaincode';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { collectEndorsements, evaluateOnFirst } from './ask-endorsers';
import { toValidationCode } from './block-transactions';
import { Planner } from './planner';
import { type EndorserClient } from './registry';
import { RpcError } from './rpc-errors';

interface GatewayParts {
  readonly mspId: string;
  readonly findChannel: FindChannel;
  /** Peers that are up and have joined a channel, the gateway's own one first. */
  readonly endorsers: (channelId: string) => readonly EndorserClient[];
}

const tooFew = 'failed to collect enough transaction endorsements, see attached details for more info';

/** The gateway service of one peer, without its transport. @remarks Source: internal/pkg/gateway/{evaluate,endorse,submit,commitstatus}.go. */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  async evaluate(request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
    const outline = this.#outlineEvaluation(request);
    const targets = request.getTargetOrganizationsList();
    const isProtected = outline.hasTransient && targets.length === 0;
    const candidates = this.#planner(outline).evaluators(outline.chaincodeName, isProtected ? [this.parts.mspId] : targets);
    if (candidates.length === 0) {
      const nobody = `no peers available to evaluate chaincode ${outline.chaincodeName} in channel ${outline.channelId}`;
      const hint = `no endorsers found in the gateway's organization; retry specifying target organization(s) to protect transient data: `;
      throw new RpcError(status.FAILED_PRECONDITION, isProtected ? hint + nobody : nobody);
    }
    const response = new gateway.EvaluateResponse();
    response.setResult(await evaluateOnFirst(candidates, outline.signed));
    return response;
  }

  async endorse(request: gateway.EndorseRequest): Promise<gateway.EndorseResponse> {
    const outline = readEndorseRequest(request);
    const pinned = request.getEndorsingOrganizationsList();
    const planner = this.#planner(outline);
    const plan = pinned.length > 0 ? planner.planFor(outline.chaincodeName, pinned) : await planner.planFromFirst(outline);
    await collectEndorsements(plan, outline.signed);
    const result = plan.result;
    if (result === undefined) throw new RpcError(status.ABORTED, tooFew, plan.failures);
    const response = new gateway.EndorseResponse();
    response.setPreparedTransaction(prepareTransaction(outline, result.payload, result.endorsements));
    return response;
  }

  /** Answers as a Raft ordering service does. */
  async submit(request: gateway.SubmitRequest): Promise<gateway.SubmitResponse> {
    const envelope = request.getPreparedTransaction();
    if (envelope === undefined) throw new RpcError(status.INVALID_ARGUMENT, 'a prepared transaction is required');
    if (envelope.getSignature_asU8().length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
    const channelId = request.getChannelId();
    const channel = this.parts.findChannel(channelId);
    if (channel === undefined) throw new RpcError(status.FAILED_PRECONDITION, unknownConfig(channelId));
    const { status: code, info } = await channel.broadcast(Buffer.from(envelope.serializeBinary()));
    if (code === common.Status.SUCCESS) return new gateway.SubmitResponse();
    if (code >= 400 && code < 500) {
      throw new RpcError(status.ABORTED, `received unsuccessful response from orderer: status=${statusName(code)}, info=${info}`);
    }
    throw new RpcError(status.UNAVAILABLE, 'no orderers could successfully process transaction');
  }

  /** Waits until the transaction is in a block, for as long as the client does. */
  async commitStatus(signed: gateway.SignedCommitStatusRequest, cancelled: Promise<void>): Promise<gateway.CommitStatusResponse> {
    const bytes = Buffer.from(signed.getRequest_asU8());
    if (bytes.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'a commit status request is required');
    const request = decodeRequest('invalid status request', gateway.CommitStatusRequest, bytes);
    if (request.getIdentity_asU8().length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'no identity provided');
    if (request.getChannelId() === '') throw new RpcError(status.INVALID_ARGUMENT, 'no channel ID provided');
    if (request.getTransactionId() === '') throw new RpcError(status.INVALID_ARGUMENT, 'transaction ID should not be empty');
    const channel = this.requireReader(request.getChannelId(), {
      data: bytes,
      identity: Buffer.from(request.getIdentity_asU8()),
      signature: Buffer.from(signed.getSignature_asU8()),
    });
    const found = await awaitCommit(channel, request.getTransactionId(), cancelled);
    const response = new gateway.CommitStatusResponse();
    response.setResult(toValidationCode(found.validationCode));
    response.setBlockNumber(found.blockNumber);
    return response;
  }

  /** Refuses who may not read the channel, or names one that the peer has not joined. */
  requireReader(channelId: string, request: SignedData): EmbeddedChannel {
    const channel = this.parts.findChannel(channelId);
    const refusal = channel === undefined ? unknownAtPeer(channelId) : refuseAccess(channel, readersPath, request);
    if (channel === undefined || refusal !== undefined) throw new RpcError(status.PERMISSION_DENIED, refusal ?? '');
    return channel;
  }

  #planner({ channelId }: ProposalOutline): Planner {
    const { findChannel, mspId, endorsers } = this.parts;
    const channel = findChannel(channelId);
    // of a channel it has not joined a peer knows no member
    return new Planner(channelId, channel, mspId, channel === undefined ? [] : endorsers(channelId));
  }

  #outlineEvaluation(request: gateway.EvaluateRequest): ProposalOutline {
    const refuse = (reason: string): never => {
      throw new RpcError(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${reason}`);
    };
    const outline = readOutline(request.getProposedTransaction(), refuse) ?? refuse('a signed proposal is required');
    const { channelId, spec } = outline;
    if (channelId === '') refuse('no channel id provided');
    if (spec === undefined) refuse(`no chaincode spec is provided, channel id [${channelId}]`);
    if (spec?.getChaincodeId() === undefined) refuse(`no chaincode id is provided, channel id [${channelId}]`);
    if (outline.chaincodeName === '') refuse(`no chaincode name is provided, channel id [${channelId}]`);
    if (this.parts.findChannel(channelId) === undefined) throw new RpcError(status.UNAVAILABLE, unknownConfig(channelId));
    return outline;
  }
}

async function awaitCommit(
  channel: EmbeddedChannel,
  txId: string,
  cancelled: Promise<void>,
): Promise<{ validationCode: number; blockNumber: number }> {
  let unsubscribe = (): void => undefined;
  const committed = new Promise<{ validationCode: number; blockNumber: number }>((resolve) => {
    const look = (): void => {
      const found = channel.blocks.getTransaction(txId);
      if (found !== undefined) resolve(found);
    };
    // listening first: the block may come while we look
    unsubscribe = channel.onBlock(look);
    look();
  });
  try {
    return await Promise.race([committed, cancelled.then(() => Promise.reject(new RpcError(status.CANCELLED, 'context canceled')))]);
  } finally {
    unsubscribe();
  }
}

function unknownConfig(channelId: string): string {
  return `failed to get config for channel [${channelId}]: could not get last config for channel ${channelId}`;
}

function readEndorseRequest(request: gateway.EndorseRequest): ProposalOutline {
  const refuse = (reason: string): never => {
    throw new RpcError(status.INVALID_ARGUMENT, reason);
  };
  return readOutline(request.getProposedTransaction(), refuse) ?? refuse('the proposed transaction must contain a signed proposal');
}

function readOutline(proposed: peer.SignedProposal | undefined, refuse: (reason: string) => never): ProposalOutline | undefined {
  const proposalBytes = Buffer.from(proposed?.getProposalBytes_asU8() ?? []);
  if (proposalBytes.length === 0) return undefined;
  try {
    return outlineProposal({ proposalBytes, signature: Buffer.from(proposed?.getSignature_asU8() ?? []) });
  } catch (error) {
    if (error instanceof MalformedMessage) return refuse(error.message);
    throw error;
  }
}

/** Decodes the inside of a signed request. */
export function decodeRequest<T>(what: string, type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Buffer): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (error) {
    throw new RpcError(status.INVALID_ARGUMENT, `${what}: ${decodingFault(error)}`);
  }
}

function statusName(code: number): string {
  return Object.entries(common.Status).find(([, value]) => value === code)?.[0] ?? String(code);
}
