import { memberOperations } from '@lianyi/client';
import { callerAddress } from '../admission/address';
import { Lane } from '../admission/lane';
import { type PinAnswers } from '../pins/pin-answers';
import { type PinHolders } from '../pins/pin-holders';
import { callingMember, memberGate, type MemberGateServices } from './member-routes';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface PinRouteServices extends MemberGateServices {
  readonly answers: Pick<PinAnswers, 'answer'>;
  readonly holders: Pick<PinHolders, 'collect'>;
}

/** An answer is some milliseconds of arithmetic; one member's keep no other's waiting. */
const ANSWERS = { atOnce: 8, perCaller: 4, waiting: 256, waitingPerCaller: 64, patienceMillis: 30_000, hasOneForEach: true };
/** What somebody who comes back asks waits for other members. Whoever asks has committed a guess. */
const ASKED = { atOnce: 8, perCaller: 2, waiting: 64, waitingPerCaller: 4, patienceMillis: 60_000 };

/** How somebody comes back by a PIN: for whoever has committed a guess, and for other members' nodes. */
export function addPinRoutes(server: NodeServer, services: PinRouteServices): void {
  const { CollectPinGuess, AnswerPinGuess } = memberOperations;
  const asked = new Lane(ASKED);
  const answering = new Lane(ANSWERS);
  serve(server, CollectPinGuess, async ({ body, request: { ip } }) => {
    const { answers, silent } = await asked.run(callerAddress(ip), () => services.holders.collect(body));
    return { body: { answers: [...answers], silent: [...silent] } };
  });
  serve(
    server,
    AnswerPinGuess,
    async ({ body, member }) => ({ body: await answering.run(callingMember(member), () => services.answers.answer(body)) }),
    (request) => memberGate(services, request),
  );
}
