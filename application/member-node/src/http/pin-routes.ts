import { memberOperations, signedAs } from '@lianyi/client';
import { Lane } from '../admission/lane';
import { type PinAnswers } from '../pins/pin-answers';
import { type PinFinders } from '../pins/pin-finders';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { callingMember, memberGate, type MemberGateServices } from './member-routes';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface PinRouteServices extends MemberGateServices {
  readonly answers: Pick<PinAnswers, 'answer'>;
  readonly finders: Pick<PinFinders, 'collect'>;
  readonly index: Pick<LedgerIndex, 'everyEncapsulationKey'>;
}

/** An answer is some milliseconds of arithmetic; one member's keep no other's waiting. */
const ANSWERS = { atOnce: 8, perCaller: 4, waiting: 256, waitingPerCaller: 64, patienceMillis: 30_000, hasOneForEach: true };

/** How somebody comes back by a PIN: for whoever has committed a guess, and for other members' nodes. */
export function addPinRoutes(server: NodeServer, services: PinRouteServices): void {
  const { CollectPinGuess, AnswerPinGuess, ListEncapsulationKeys } = memberOperations;
  const answering = new Lane(ANSWERS);
  serve(server, ListEncapsulationKeys, async () => ({ body: { organisations: [...(await services.index.everyEncapsulationKey())] } }));
  serve(server, CollectPinGuess, async ({ body: { input, proof }, signedInput, request: { ip } }) => {
    const { answers, silent } = await services.finders.collect({ operation: signedAs(CollectPinGuess), input, signedInput, proof, ip });
    return { body: { answers: [...answers], silent: [...silent] } };
  });
  serve(
    server,
    AnswerPinGuess,
    async ({ body, member }) => ({ body: await answering.run(callingMember(member), () => services.answers.answer(body)) }),
    (request) => memberGate(services, request),
  );
}
