import { status } from '@grpc/grpc-js';
import { type ProposalOutline } from '@lianyi/fabric-protocol';
import { type CalledChaincode } from '../peer/interest';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { acceptResponse, failureOf, judge, type Judged } from './ask-endorsers';
import { computeLayouts, NoEndorsers } from './layouts';
import { Plan } from './plan';
import { byHeight, type EndorserClient } from './registry';
import { type EndpointFailure, RpcError } from './rpc-errors';

const firstFailed = 'failed to endorse transaction, see attached details for more info';

/**
 * Plans for one call of a gateway who is to endorse on one channel.
 * @remarks Source: internal/pkg/gateway/{registry,endorse}.go.
 */
export class Planner {
  /**
   * @param channel `undefined`: the gateway's peer has not joined it, so it knows no endorser either.
   * @param endorsers that are up and have joined, the gateway's own peer first.
   */
  constructor(
    private readonly channelId: string,
    private readonly channel: EmbeddedChannel | undefined,
    private readonly localMspId: string,
    private readonly endorsers: readonly EndorserClient[],
  ) {}

  /** The own organisation's peers first, each group by height. `organizations` empty: anybody. */
  evaluators(chaincode: string, organizations: readonly string[]): EndorserClient[] {
    const wanted = this.#running(chaincode).filter(({ mspId }) => organizations.length === 0 || organizations.includes(mspId));
    const isLocal = ({ mspId }: EndorserClient): boolean => mspId === this.localMspId;
    return [...byHeight(wanted.filter(isLocal)), ...byHeight(wanted.filter((endorser) => !isLocal(endorser)))];
  }

  /** One peer of each organisation the client named. */
  planFor(chaincode: string, organizations: readonly string[]): Plan {
    const running = this.#running(chaincode);
    const missing = organizations.filter((mspId) => !running.some((endorser) => endorser.mspId === mspId));
    if (missing.length > 0) throw new RpcError(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
    return new Plan([[...new Set(organizations)]], byHeight(running));
  }

  /** Executes on a peer of the own organisation and plans the others by what the transaction touched. */
  async planFromFirst({ chaincodeName, hasTransient, signed }: ProposalOutline): Promise<Plan> {
    const fallback = [callOf(chaincodeName)];
    const own = byHeight(this.#running(chaincodeName).filter(({ mspId }) => mspId === this.localMspId));
    const candidates = own.length > 0 ? own : this.#substitutesFor(fallback, hasTransient);
    const failures: EndpointFailure[] = [];
    for (const first of candidates) {
      const judged = judge(await first.process(signed));
      if (judged.ok) return this.#planAfter(first, judged, fallback, hasTransient);
      failures.push(failureOf(first, judged.message));
    }
    throw new RpcError(status.ABORTED, firstFailed, failures);
  }

  #planAfter(
    first: EndorserClient,
    { response }: Extract<Judged, { ok: true }>,
    fallback: readonly CalledChaincode[],
    hasTransient: boolean,
  ): Plan {
    const plan = this.#planInterest(response.interest.length > 0 ? response.interest : fallback, hasTransient, first);
    acceptResponse(plan, first, response);
    return plan;
  }

  #running(chaincode: string): EndorserClient[] {
    return this.endorsers.filter((endorser) => endorser.runs(chaincode));
  }

  /** Someone else's peer executes first when no own one runs the chaincode; transient data is not handed to it. */
  #substitutesFor(interest: readonly CalledChaincode[], hasTransient: boolean): EndorserClient[] {
    if (hasTransient) {
      throw new RpcError(
        status.FAILED_PRECONDITION,
        "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
      );
    }
    const [first] = this.#layoutsFor(interest)[0] ?? [];
    const endorsers = byHeight(this.endorsers.filter(({ mspId }) => mspId === first));
    if (endorsers.length === 0) throw noCombination('no peer combination can satisfy the endorsement policy');
    return endorsers;
  }

  /** With transient data only owners of the collections are asked, as if their values had been read. */
  #planInterest(interest: readonly CalledChaincode[], hasTransient: boolean, first: EndorserClient): Plan {
    const careful = hasTransient ? interest.map((call) => ({ ...call, noPrivateReads: false })) : interest;
    try {
      return this.#newPlan(this.#layoutsFor(careful), first);
    } catch (error) {
      const guarded = hasTransient ? interest.filter((call) => call.noPrivateReads).map((call) => call.collection) : [];
      if (guarded.length === 0) throw error;
      this.#layoutsFor(interest);
      throw new RpcError(
        status.FAILED_PRECONDITION,
        `requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [${guarded.join(' ')}]; ` +
          'retry specifying trusted endorsing organizations to protect transient data',
      );
    }
  }

  #layoutsFor(interest: readonly CalledChaincode[]): (readonly string[])[] {
    if (this.channel === undefined) {
      throw noCombination(`No metadata was found for chaincode ${interest[0]?.chaincode ?? ''} in channel ${this.channelId}`);
    }
    try {
      return [...computeLayouts(this.channel, interest, this.endorsers)];
    } catch (error) {
      if (error instanceof NoEndorsers) throw noCombination(error.message);
      throw error;
    }
  }

  /** Layouts with the first endorser's organisation come first; otherwise their order is chance, as in Fabric. */
  #newPlan(layouts: readonly (readonly string[])[], first: EndorserClient): Plan {
    const shuffled = layouts.map((layout) => ({ layout, rank: Math.random() + (layout.includes(first.mspId) ? 0 : 1) }));
    return new Plan(
      shuffled.sort((a, b) => a.rank - b.rank).map(({ layout }) => layout),
      byHeight(this.endorsers),
    );
  }
}

function callOf(chaincode: string): CalledChaincode {
  return { chaincode, collection: '', keyPolicies: [], disregardsNamespacePolicy: false, noPrivateReads: false };
}

function noCombination(reason: string): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `no combination of peers can be derived which satisfy the endorsement policy: ${reason}`);
}
