import { status } from '@grpc/grpc-js';
import { type peer, resultOfPayload, type SignedBytes } from '@lianyi/fabric-protocol';
import { type ProposalAnswer, type ProposalResponse } from '../peer/endorser';
import { type Plan } from './plan';
import { type EndorserClient } from './registry';
import { type EndpointFailure, RpcError } from './rpc-errors';

const evaluateFailed = 'failed to evaluate transaction, see attached details for more info';

/** Outcome of one call of an endorser. @remarks Source: internal/pkg/gateway/apiutils.go responseStatus. */
export type Judged =
  | { readonly ok: true; readonly response: ProposalResponse }
  | { readonly ok: false; readonly code: status; readonly message: string; readonly retry: boolean };

export function judge(answer: ProposalAnswer): Judged {
  if (answer.kind === 'unavailable') return { ok: false, code: status.UNAVAILABLE, message: answer.message, retry: true };
  if (answer.kind === 'refused') return { ok: false, code: status.FAILED_PRECONDITION, message: answer.message, retry: false };
  const { response, payload } = answer.response;
  const result = response.getStatus();
  if (result >= 200 && result < 400) return { ok: true, response: answer.response };
  // 500 without a payload was made by the peer, not by the chaincode
  if (payload === undefined && result === 500) return { ok: false, code: status.ABORTED, message: response.getMessage(), retry: true };
  return { ok: false, code: status.UNKNOWN, message: `chaincode response ${result}, ${response.getMessage()}`, retry: false };
}

/** Asks one after the other as long as it was the peer that failed. @remarks Source: internal/pkg/gateway/evaluate.go. */
export async function evaluateOnFirst(candidates: readonly EndorserClient[], signed: SignedBytes): Promise<peer.Response> {
  const failures: EndpointFailure[] = [];
  let code: status = status.ABORTED;
  for (const endorser of candidates) {
    const judged = judge(await endorser.process(signed));
    if (judged.ok) return withResult(judged.response);
    failures.push(failureOf(endorser, judged.message));
    ({ code } = judged);
    if (!judged.retry) throw new RpcError(code, `evaluate call to endorser returned error: ${judged.message}`, failures);
  }
  throw new RpcError(code, evaluateFailed, failures);
}

function withResult({ response, payload }: ProposalResponse): peer.Response {
  if (payload !== undefined) response.setPayload(resultOfPayload(payload));
  return response;
}

/** Asks the endorsers of one layout after the other until one is satisfied. @remarks Source: internal/pkg/gateway/endorse.go. */
export async function collectEndorsements(plan: Plan, signed: SignedBytes): Promise<void> {
  while (plan.result === undefined) {
    const endorsers = plan.endorsers();
    if (endorsers.length === 0) return;
    const failedGroups = await Promise.all(endorsers.map((endorser) => endorseInGroup(plan, endorser, signed)));
    plan.abandon(failedGroups.flat());
  }
}

/** Tries the endorsers of one group; answers the group if none succeeded. */
async function endorseInGroup(plan: Plan, first: EndorserClient, signed: SignedBytes): Promise<string[]> {
  for (let endorser: EndorserClient | undefined = first; endorser !== undefined; endorser = plan.nextPeerInGroup(endorser)) {
    const judged = judge(await endorser.process(signed));
    if (!judged.ok) plan.fail(endorser, judged.message);
    else if (acceptResponse(plan, endorser, judged.response)) return [];
  }
  return [first.mspId];
}

export function acceptResponse(plan: Plan, endorser: EndorserClient, { payload, endorsement }: ProposalResponse): boolean {
  if (payload === undefined || endorsement === undefined) return false;
  return plan.accept(endorser, payload, endorsement);
}

export function failureOf({ address, mspId }: EndorserClient, message: string): EndpointFailure {
  return { address, mspId, message };
}
