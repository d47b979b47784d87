/**
 * `npm run bench:decision`, LIANYI_NETWORK=fabric for real Fabric: what a decision on access costs a peer beside a bare read of one record, in
 * turn, over one connection: a decision that only answers, and one that is committed, of a patient with one grant and of one who has granted something
 * to everybody that the asker is. Each request is made and signed anew, outside of what is measured, so that nothing that was remembered of the last one
 * helps. Read the ratios: everything shares this machine's cores.
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

/** Makes a request, not counted, and gives what asks it. */
type Prepare = () => Promise<() => Promise<unknown>>;
type Question = { readonly what: string; readonly prepare: Prepare; readonly millis: number[] };

/** A request for access as its asker signs it. It is only evaluated, so that it may be asked for nothing. */
async function requestOf(known: PatientCase, recordId: string): Promise<SignedRequest<typeof transactions.RequestAccess>> {
  const who = known.staff.cardiologistB;
  const input = {
    ...{ ...newTicketId(who), pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
    ...{ department: who.department, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
  };
  const request = newRequest(transactions.RequestAccess, input);
  return { ...request, proof: await who.sign(transactions.RequestAccess, request.input) };
}

function decisionOf(known: PatientCase, recordId: string, ledger: Ledger): Prepare {
  return async () => {
    const request = await requestOf(known, recordId);
    return async () => {
      const { decision } = await ledger.evaluate(request);
      if (decision !== 'permit') throw new Error(`the request ${requestHashOf(request)} was denied`);
    };
  };
}

/** A record read by a member, and by a member of staff who signs for it. */
function readsOf({ pseudonym, staff }: PatientCase, recordId: string, ledger: Ledger): readonly [bare: Prepare, signed: Prepare] {
  const read = newRequest(transactions.GetRecord, { pseudonym, recordId });
  const signed: Prepare = async () => {
    const proof = await staff.cardiologistB.sign(transactions.GetRecord, read.input);
    return () => ledger.evaluate({ ...read, proof });
  };
  return [() => Promise.resolve(() => ledger.evaluate(read)), signed];
}

/** The question of a ticket that was committed, decided again as a vault asks it: nobody signs, and nothing is written. */
async function againOf(known: PatientCase, recordId: string, ledger: Ledger): Promise<Prepare> {
  const { ticketId } = await known.ask(known.staff.cardiologistB, { recordIds: [recordId] });
  await known.scenario.catchUp(known.scenario.b);
  const standing = newRequest(transactions.GetTicketStanding, { ticketId });
  const ask = async (): Promise<void> => {
    const { obstacle } = await ledger.evaluate(standing);
    if (obstacle !== undefined) throw new Error(`the ticket ${ticketId} is no good: ${obstacle}`);
  };
  return () => Promise.resolve(ask);
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
  const ledger = await scenario.ledger(scenario.b);
  const again = await againOf(few.known, few.recordId, ledger);
  const [bare, signed] = readsOf(few.known, few.recordId, ledger);
  const asked: readonly (readonly [what: string, prepare: Prepare])[] = [
    ['a record read', bare],
    ['a record read, signed for', signed],
    ['access decided again, one grant', again],
    ['access decided, one grant', decisionOf(few.known, few.recordId, ledger)],
    ['access decided, a grant for all they are', decisionOf(many.known, many.recordId, ledger)],
  ];
  return asked.map(([what, prepare]) => ({ what, prepare, millis: [] }));
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${ROUNDS} rounds in turn\n`);
  const scenario = await Scenario.start('bench-decision');
  try {
    const asked = await questions(scenario);
    for (let count = -WARM_UP; count < ROUNDS; count += 1) {
      for (const { prepare, millis } of asked) {
        const ask = await prepare();
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
