/**
 * `npm run bench:decision`, LIANYI_NETWORK=fabric for real Fabric: what a decision on access costs a peer beside a bare read of one record, in
 * turn, over one connection; of a patient with one grant, and of one who has
 * granted something to everybody that the asker is. Read the ratios: everything shares this machine's cores.
 */
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { granteeSchema, type Ledger, newRequest, requestHashOf, type SignedRequest, transactions } from '@lianyi/domain';
import { permission, PatientCase } from '../scenario/patient-case';
import { newTicketId } from '../scenario/owned-ids';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, rank } from './figures';

const ROUNDS = 300;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 40;

type Question = { readonly what: string; readonly ask: () => Promise<unknown>; readonly millis: number[] };

/** A request for access as its asker signs it. It is only evaluated, so that it may be asked again and again. */
async function requestOf(known: PatientCase, recordId: string): Promise<SignedRequest<typeof transactions.RequestAccess>> {
  const who = known.staff.cardiologistB;
  const input = {
    ...{ ...newTicketId(who), pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
    ...{ department: who.department, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
  };
  const request = newRequest(transactions.RequestAccess, input);
  return { ...request, proof: await who.sign(transactions.RequestAccess, request.input) };
}

async function decisionOf(known: PatientCase, recordId: string, ledger: Ledger): Promise<() => Promise<unknown>> {
  const request = await requestOf(known, recordId);
  return async () => {
    const { decision } = await ledger.evaluate(request);
    if (decision !== 'permit') throw new Error(`the request ${requestHashOf(request)} was denied`);
  };
}

async function questions(scenario: Scenario): Promise<readonly Question[]> {
  const staff = await hireRoster(scenario);
  const [few, many] = [await PatientCase.granted(scenario, staff), await PatientCase.granted(scenario, staff)];
  const mspId = scenario.b.member.mspId;
  const grantees = [
    { kind: 'person', mspId, name: staff.cardiologistB.actorTag },
    { kind: 'role', mspId, name: 'clinician' },
    ...[scenario.a, scenario.b, scenario.c].map(({ member }) => ({ kind: 'organisation', mspId: member.mspId, name: 'all' })),
  ];
  for (const grantee of grantees) await many.known.grant([permission()], granteeSchema.parse(grantee));
  await scenario.catchUp(scenario.b);
  const ledger = await scenario.ledger(scenario.b);
  const read = newRequest(transactions.GetRecord, { pseudonym: few.known.pseudonym, recordId: few.recordId });
  return [
    { what: 'a record read', ask: () => ledger.evaluate(read), millis: [] },
    { what: 'access to it decided, one grant', ask: await decisionOf(few.known, few.recordId, ledger), millis: [] },
    { what: 'access decided, a grant for all that they are', ask: await decisionOf(many.known, many.recordId, ledger), millis: [] },
  ];
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${ROUNDS} rounds in turn\n`);
  const scenario = await Scenario.start('bench-decision');
  try {
    const asked = await questions(scenario);
    for (let count = -WARM_UP; count < ROUNDS; count += 1) {
      for (const { ask, millis } of asked) {
        const begun = performance.now();
        await ask();
        if (count >= 0) millis.push(performance.now() - begun);
      }
    }
    const bare = rank(asked[0]?.millis ?? [], 0.5);
    for (const { what, millis } of asked) {
      const p50 = rank(millis, 0.5);
      process.stdout.write(`${what.padEnd(40)} p50 ${p50.toFixed(2).padStart(6)} ms  ${(p50 / bare).toFixed(2)}-fold\n`);
    }
  } finally {
    await scenario.stop();
  }
  process.exit(0); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:decision: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
