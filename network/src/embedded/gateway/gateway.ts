import { status } from '@grpc/grpc-js';
import { common, gateway, type peer } from '../../wire/proto';
import { decode, MalformedMessage, outlineProposal, type ProposalOutline } from '../../wire/proposal';
import { RpcError } from '../../wire/rpc-errors';
import { prepareTransaction } from '../../wire/transaction';
import { readersPath, refuseAccess, unknownChannel } from '../peer/access';
import { type ChaincodeCall } from '../peer/interest';
import { type EmbeddedChannel, type SignedData } from '../ports';
import { acceptResponse, collectEndorsements, evaluateOnFirst, failureOf, judge } from './ask-endorsers';
import { toValidationCode } from './block-transactions';
import { computeLayouts, NoEndorsers } from './layouts';
import { Plan } from './plan';
import { type EndorserClient } from './registry';

export interface GatewayParts {
  readonly channel: EmbeddedChannel;
  readonly local: EndorserClient;
  readonly remotes: readonly EndorserClient[];
}

const firstFailed = 'failed to endorse transaction, see attached details for more info';
const tooFew = 'failed to collect enough transaction endorsements, see attached details for more info';

/** The gateway service of one peer, without its transport. @remarks Source: internal/pkg/gateway/{evaluate,endorse,submit,commitstatus}.go. */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  async evaluate(request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
    const outline = this.outlineEvaluation(request);
    const targets = request.getTargetOrganizationsList();
    const isProtected = outline.hasTransient && targets.length === 0;
    const candidates = this.evaluators(outline.chaincodeName, isProtected ? [this.parts.local.mspId] : targets);
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
    const plan = pinned.length > 0 ? this.planFor(outline.chaincodeName, pinned) : await this.planFromFirst(outline);
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
    if (channelId !== this.parts.channel.name) throw new RpcError(status.FAILED_PRECONDITION, unknownConfig(channelId));
    const { status: code, info } = await this.parts.channel.broadcast(Buffer.from(envelope.serializeBinary()));
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
    this.requireReader(request.getChannelId(), {
      data: bytes,
      identity: Buffer.from(request.getIdentity_asU8()),
      signature: Buffer.from(signed.getSignature_asU8()),
    });
    const found = await this.awaitCommit(request.getTransactionId(), cancelled);
    const response = new gateway.CommitStatusResponse();
    response.setResult(toValidationCode(found.validationCode));
    response.setBlockNumber(found.blockNumber);
    return response;
  }

  /** Refuses who may not read the channel, or names another channel. */
  requireReader(channelId: string, request: SignedData): void {
    const { channel } = this.parts;
    const refusal = channelId === channel.name ? refuseAccess(channel, readersPath, request) : unknownChannel(channelId);
    if (refusal !== undefined) throw new RpcError(status.PERMISSION_DENIED, refusal);
  }

  private outlineEvaluation(request: gateway.EvaluateRequest): ProposalOutline {
    const refuse = (reason: string): never => {
      throw new RpcError(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${reason}`);
    };
    const outline = readOutline(request.getProposedTransaction(), refuse) ?? refuse('a signed proposal is required');
    const { channelId, spec } = outline;
    if (channelId === '') refuse('no channel id provided');
    if (spec === undefined) refuse(`no chaincode spec is provided, channel id [${channelId}]`);
    if (spec?.getChaincodeId() === undefined) refuse(`no chaincode id is provided, channel id [${channelId}]`);
    if (outline.chaincodeName === '') refuse(`no chaincode name is provided, channel id [${channelId}]`);
    if (channelId !== this.parts.channel.name) throw new RpcError(status.UNAVAILABLE, unknownConfig(channelId));
    return outline;
  }

  /** The own organisation's peers first. */
  private evaluators(chaincode: string, organizations: readonly string[]): EndorserClient[] {
    return this.endorsers().filter(
      (endorser) => endorser.runs(chaincode) && (organizations.length === 0 || organizations.includes(endorser.mspId)),
    );
  }

  private endorsers(): EndorserClient[] {
    return [this.parts.local, ...this.parts.remotes];
  }

  private planFor(chaincode: string, organizations: readonly string[]): Plan {
    const endorsers = this.evaluators(chaincode, organizations);
    const missing = organizations.filter((mspId) => !endorsers.some((endorser) => endorser.mspId === mspId));
    if (missing.length > 0) throw new RpcError(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
    return new Plan([[...new Set(organizations)]], endorsers);
  }

  /** Executes on the own peer and plans the others by what the transaction touched. */
  private async planFromFirst(outline: ProposalOutline): Promise<Plan> {
    const { local, channel } = this.parts;
    const { chaincodeName, hasTransient, signed, channelId } = outline;
    const fallback = [callOf(chaincodeName)];
    if (channelId !== channel.name) throw noCombination(`No metadata was found for chaincode ${chaincodeName} in channel ${channelId}`);
    const first = local.runs(chaincodeName) ? local : this.substituteFor(fallback, hasTransient);
    const judged = judge(await first.process(signed));
    if (!judged.ok) throw new RpcError(status.ABORTED, firstFailed, [failureOf(first, judged.message)]);
    const interest = judged.response.interest.length > 0 ? judged.response.interest : fallback;
    const plan = this.planInterest(interest, hasTransient, first);
    acceptResponse(plan, first, judged.response);
    return plan;
  }

  /** Someone else's peer executes first when the own one does not run the chaincode; transient data is not handed to it. */
  private substituteFor(interest: readonly ChaincodeCall[], hasTransient: boolean): EndorserClient {
    if (hasTransient) {
      throw new RpcError(
        status.FAILED_PRECONDITION,
        "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
      );
    }
    const [first] = this.layoutsFor(interest)[0] ?? [];
    const endorser = this.parts.remotes.find((remote) => remote.mspId === first);
    if (endorser === undefined) throw noCombination('no peer combination can satisfy the endorsement policy');
    return endorser;
  }

  /** With transient data only owners of the collections are asked, as if their values had been read. */
  private planInterest(interest: readonly ChaincodeCall[], hasTransient: boolean, first: EndorserClient): Plan {
    const careful = hasTransient ? interest.map((call) => ({ ...call, noPrivateReads: false })) : interest;
    try {
      return this.newPlan(this.layoutsFor(careful), first);
    } catch (error) {
      const guarded = hasTransient ? interest.filter((call) => call.noPrivateReads).map((call) => call.collection) : [];
      if (guarded.length === 0) throw error;
      this.layoutsFor(interest);
      throw new RpcError(
        status.FAILED_PRECONDITION,
        `requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [${guarded.join(' ')}]; ` +
          'retry specifying trusted endorsing organizations to protect transient data',
      );
    }
  }

  private layoutsFor(interest: readonly ChaincodeCall[]): (readonly string[])[] {
    try {
      return [...computeLayouts(this.parts.channel, interest, this.endorsers())];
    } catch (error) {
      if (error instanceof NoEndorsers) throw noCombination(error.message);
      throw error;
    }
  }

  /** Layouts with the first endorser's organisation come first; otherwise their order is chance, as in Fabric. */
  private newPlan(layouts: readonly (readonly string[])[], first: EndorserClient): Plan {
    const shuffled = layouts.map((layout) => ({ layout, rank: Math.random() + (layout.includes(first.mspId) ? 0 : 1) }));
    return new Plan(
      shuffled.sort((a, b) => a.rank - b.rank).map(({ layout }) => layout),
      this.endorsers(),
    );
  }

  private async awaitCommit(txId: string, cancelled: Promise<void>): Promise<{ validationCode: number; blockNumber: number }> {
    const { channel } = this.parts;
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
}

function callOf(chaincode: string): ChaincodeCall {
  return { chaincode, collection: '', keyPolicies: [], disregardsNamespacePolicy: false, noPrivateReads: false };
}

function noCombination(reason: string): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `no combination of peers can be derived which satisfy the endorsement policy: ${reason}`);
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
    return decode(what, type, bytes);
  } catch {
    throw new RpcError(status.INVALID_ARGUMENT, `${what}: proto: cannot parse invalid wire-format data`);
  }
}

function statusName(code: number): string {
  return Object.entries(common.Status).find(([, value]) => value === code)?.[0] ?? String(code);
}
