import { memberOperations, signedAs } from '@lianyi/client';
import { Lane } from '../admission/lane';
import { type StaffGate } from '../check-caller';
import { type Duplicates } from '../matching/duplicates';
import { type EvaluationAnswers } from '../matching/evaluation-answers';
import { type FunctionShares } from '../matching/function-shares';
import { type OtherHolders } from '../matching/other-holders';
import { callingMember, memberGate, type MemberGateServices } from './member-routes';
import { type MemberGate, serve } from './operation-routes';
import { type NodeServer } from './server';

export interface MatchingRouteServices extends MemberGateServices {
  readonly staff: Pick<StaffGate, 'assertStaff'>;
  readonly shares: Pick<FunctionShares, 'takePart'>;
  readonly answers: Pick<EvaluationAnswers, 'answer'>;
  readonly holders: Pick<OtherHolders, 'collect' | 'find'>;
  readonly duplicates: Pick<Duplicates, 'answer' | 'read'>;
}

/** An answer is some milliseconds of arithmetic; one member's keep no other's waiting. */
const ANSWERS = { atOnce: 8, perCaller: 4, waiting: 256, waitingPerCaller: 64, patienceMillis: 30_000, hasOneForEach: true };
/** What a registrar asks waits for other members. */
const ASKED = { atOnce: 16, perCaller: 2, waiting: 128, waitingPerCaller: 16, patienceMillis: 60_000 };

/** How hospitals find that they know one person: for their own staff, and for each other's nodes. No number is logged or kept. */
export function addMatchingRoutes(server: NodeServer, services: MatchingRouteServices): void {
  const { staff, shares, holders, duplicates } = services;
  const { TakePartInFunctionKey, CollectEvaluations, FindDuplicates, ReadDuplicate } = memberOperations;
  const asked = new Lane(ASKED);
  serve(server, TakePartInFunctionKey, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    await staff.assertStaff(signedAs(TakePartInFunctionKey), signedInput, proof, TakePartInFunctionKey.callers.roles, ip);
    return { body: await asked.run('take-part', () => shares.takePart(input.keyId)) };
  });
  serve(server, CollectEvaluations, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    const who = await staff.assertStaff(signedAs(CollectEvaluations), signedInput, proof, CollectEvaluations.callers.roles, ip);
    return { body: await asked.run(who.statement.actorTag, () => holders.collect(input.evaluationId)) };
  });
  serve(server, FindDuplicates, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    const who = await staff.assertStaff(signedAs(FindDuplicates), signedInput, proof, FindDuplicates.callers.roles, ip);
    return { body: await asked.run(who.statement.actorTag, () => holders.find(input.tags)) };
  });
  serve(server, ReadDuplicate, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    const who = await staff.assertStaff(signedAs(ReadDuplicate), signedInput, proof, ReadDuplicate.callers.roles, ip);
    return { body: await asked.run(who.statement.actorTag, () => duplicates.read(input.caseId)) };
  });
  addOperationsForMembers(server, services);
}

function addOperationsForMembers(server: NodeServer, services: MatchingRouteServices): void {
  const { answers, duplicates } = services;
  const lane = new Lane(ANSWERS);
  const gate: MemberGate = (request) => memberGate(services, request);
  const { AnswerEvaluation, MatchTag } = memberOperations;
  serve(
    server,
    AnswerEvaluation,
    async ({ body: { evaluationId }, member }) => {
      const asker = callingMember(member);
      return { body: await lane.run(asker, () => answers.answer(evaluationId, asker)) };
    },
    gate,
  );
  serve(
    server,
    MatchTag,
    async ({ body, member }) => {
      const asker = callingMember(member);
      const proof = await lane.run(asker, () => duplicates.answer(body, asker));
      return { body: proof === undefined ? {} : { proof } };
    },
    gate,
  );
}
