import {
  type Actor,
  actorSchema,
  assertMayCall,
  DomainError,
  type Input,
  instantSchema,
  type Output,
  type Role,
  roles,
  sha256Schema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { CoalescingReader } from '../ledger/coalescing-reader';
import { Overlay } from '../ledger/overlay';
import { newRepositories } from '../ledger/repositories';
import { type StateReader } from '../ledger/state';
import { ExplainAccess } from '../use-cases/access/explain-access';
import { OpenOwnRecords } from '../use-cases/access/open-own-records';
import { RequestAccess } from '../use-cases/access/request-access';
import { CloseTicket } from '../use-cases/access/tickets';
import { BreakGlass } from '../use-cases/emergency/break-glass';
import { type WriteScope } from '../use-cases/scope';
import {
  type AskingRole,
  closedByPage,
  decidedByPage,
  decidedInEmergency,
  decidedOfOwn,
  mayAsk,
  purposeOf,
  type World,
} from './access-by-the-page.fixture';
import {
  grantings,
  kindsOfTie,
  newBeginning,
  type Beginning,
  recordStates,
  type RecordState,
  type Tie,
  ties,
  worldOf,
} from './access-worlds.fixture';
import { A, AUTHORITY, B, DEPARTMENT } from './cast.fixture';
import { CHANNEL } from './consortium.fixture';
import { glassInput } from './emergency.fixture';

type Asker = AskingRole & { readonly name: string; readonly actor: Actor; readonly inputs: Inputs };
type Inputs = {
  readonly request: Input<typeof transactions.RequestAccess>;
  readonly glass: Input<typeof transactions.BreakGlass>;
  readonly own: Input<typeof transactions.OpenOwnRecords>;
  readonly close: Readonly<Record<RecordState, Input<typeof transactions.CloseTicket>>>;
  readonly whatIf: Readonly<Record<RecordState, Input<typeof transactions.ExplainAccess>>>;
};
type Outcomes = Readonly<Record<RecordState, string>>;
type Some = Readonly<Partial<Outcomes>>;

/** Every role at another hospital, and of the custodian's own one who reads by default and one who does not. */
const asking: readonly (AskingRole & { readonly msp: string; readonly role: Role })[] = [
  ...roles.map((role) => ({ role, msp: role === 'regulator' ? AUTHORITY : B, isCustodians: false })),
  ...(['clinician', 'nurse'] as const).map((role) => ({ role, msp: A, isCustodians: true })),
];
const ofEach = <Value>(make: (state: RecordState) => Value): Readonly<Record<RecordState, Value>> =>
  Object.fromEntries(recordStates.map((state) => [state, make(state)])) as Record<RecordState, Value>; // all of them are there

let origin: Beginning;
let askers: readonly Asker[] = [];
let patient: Asker;
const seen = { cells: 0, permitted: 0 };

function newAsker({ role, msp, isCustodians }: (typeof asking)[number]): Asker {
  const { cast, patient: of, pseudonym, recordIds, ticketIds } = origin;
  const by = cast.staff(msp, role);
  const { actorTag } = by;
  const all = Object.values(recordIds);
  const question = { purpose: purposeOf(role), asker: { mspId: msp, actorTag, department: DEPARTMENT } };
  return {
    ...{ role, isCustodians, name: `${role} of ${msp}` },
    actor: actorSchema.parse({ kind: 'staff', mspId: msp, actorTag, roles: [role], departments: [DEPARTMENT] }),
    inputs: {
      request: transactions.RequestAccess.request.parse({ ...cast.accessInput(of, all, by), purpose: purposeOf(role) }),
      glass: transactions.BreakGlass.request.parse(glassInput(origin, by, { recordIds: all })),
      own: transactions.OpenOwnRecords.request.parse(cast.ownInput(of, all)),
      close: ofEach((state) => transactions.CloseTicket.request.parse({ ticketId: ticketIds[state] })),
      whatIf: ofEach((state) =>
        transactions.ExplainAccess.request.parse({ pseudonym, question: { ...question, recordId: recordIds[state] } }),
      ),
    },
  };
}

beforeAll(async () => {
  origin = await newBeginning();
  askers = asking.map(newAsker);
  const [{ inputs }] = askers as readonly [Asker, ...Asker[]]; // one for each role
  const actor = actorSchema.parse({ kind: 'patient', pseudonym: origin.pseudonym, carrierMspId: A });
  patient = { role: 'patient', isCustodians: false, name: 'the patient', actor, inputs };
});

/** Runs a transaction as the router does once the actor is known; what it writes goes nowhere. Its answer, or the code of its refusal. */
async function run<Entry extends TransactionEntry>(
  entry: Entry,
  useCase: (scope: WriteScope, input: Input<Entry>) => Promise<Output<Entry>>,
  { actor }: Asker,
  input: Input<Entry>,
  world: StateReader,
): Promise<Output<Entry> | string> {
  const now = instantSchema.parse(origin.cast.instant());
  const ledger = newRepositories(new Overlay(world));
  const scope = { actor, now, channel: CHANNEL, requestHash: sha256Schema.parse('A'.repeat(43)), unitId: 'unit-1', ledger, events: [] };
  try {
    assertMayCall(entry, actor);
    return await useCase(scope, input);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

type Told = Output<typeof transactions.RequestAccess> & { readonly retracted?: readonly string[] };

/** What a request for all records was answered of each. */
function ofRecords(answer: Told | string): Outcomes {
  if (typeof answer === 'string') return ofEach(() => answer);
  const { provisionIds, reasons, denied, retracted } = answer;
  return ofEach((state) => {
    const recordId = origin.recordIds[state];
    const why = denied?.find((each) => each.recordId === recordId)?.reasons ?? reasons;
    if (why.length > 0) return `deny ${why.join(' ')}`;
    return `permit ${provisionIds.join(' ')}${retracted?.includes(recordId) === true ? ' (retracted)' : ''}`;
  });
}

/** Transactions that are about one record, one after another for each that is tried. */
async function each(tried: readonly RecordState[], ask: (state: RecordState) => Promise<string>): Promise<Some> {
  const outcomes: Record<string, string> = {};
  for (const state of tried) outcomes[state] = await ask(state);
  return outcomes;
}

/** What becomes of each transaction of one who asks, and in `ExplainAccess` of the patient about one who asks. */
async function outcomesOf(by: Asker, world: StateReader, tried: readonly RecordState[]): Promise<Readonly<Record<string, Some>>> {
  const { request, glass, own, close, whatIf } = by.inputs;
  const closing = async (state: RecordState): Promise<string> => {
    const answer = await run(transactions.CloseTicket, CloseTicket, by, close[state], world);
    return typeof answer === 'string' ? answer : answer.state;
  };
  const explaining = async (state: RecordState): Promise<string> => {
    const answer = await run(transactions.ExplainAccess, ExplainAccess, patient, whatIf[state], world);
    if (typeof answer === 'string') return answer;
    if (answer.outcome === 'refused') return answer.code;
    const { decision } = answer;
    return decision.effect === 'permit' ? `permit ${decision.provisionIds.join(' ')}` : `deny ${decision.reasons.join(' ')}`;
  };
  return {
    RequestAccess: ofRecords(await run(transactions.RequestAccess, RequestAccess, by, request, world)),
    BreakGlass: ofRecords(await run(transactions.BreakGlass, BreakGlass, by, glass, world)),
    OpenOwnRecords: ofRecords(await run(transactions.OpenOwnRecords, OpenOwnRecords, by, own, world)),
    CloseTicket: await each(tried, closing),
    ...(by === patient ? {} : { ExplainAccess: await refused(by, whatIf.current, world), 'the what-if': await each(tried, explaining) }),
  };
}

/** What a patient may ask of anybody, nobody else may: whatever record they name. */
const refused = async (by: Asker, question: Inputs['whatIf']['current'], world: StateReader): Promise<Some> => {
  const answer = await run(transactions.ExplainAccess, ExplainAccess, by, question, world);
  return ofEach(() => (typeof answer === 'string' ? answer : answer.outcome));
};

function expectedOf(by: Asker, world: World, tried: readonly RecordState[]): Readonly<Record<string, Some>> {
  const allowed = (transaction: string, outcome: (state: RecordState) => string): Outcomes =>
    ofEach((state) => (mayAsk(transaction, by.role) ? outcome(state) : 'NOT_PERMITTED'));
  const whatIf = (state: RecordState): string => decidedByPage(by, world, state);
  const ofTried = (all: Outcomes): Some => Object.fromEntries(tried.map((state) => [state, all[state]]));
  return {
    RequestAccess: allowed('RequestAccess', whatIf),
    BreakGlass: allowed('BreakGlass', (state) => decidedInEmergency(world, state)),
    OpenOwnRecords: allowed('OpenOwnRecords', decidedOfOwn),
    CloseTicket: ofTried(allowed('CloseTicket', (state) => closedByPage(by === patient ? 'patient' : by, state))),
    ...(by === patient ? {} : { ExplainAccess: ofEach(() => 'NOT_PERMITTED'), 'the what-if': ofTried(allowed('RequestAccess', whatIf)) }),
  };
}

/** Of ties other than care, what is about one record is tried of a current one; `npm run test:deep` tries it of all. */
const triedUnder = (tie: Tie | undefined): readonly RecordState[] =>
  tie === undefined || tie.type === 'care' || process.env['LIANYI_DEEP'] === '1' ? recordStates : ['current'];

const named = ties.map(
  (tie) => [tie === undefined ? 'no' : [tie.state, tie.type, tie.suspendedBy].filter(Boolean).join(' '), tie] as const,
);

describe('who asks, by which transaction, of which record', () => {
  describe.each(named)('under a relationship that is: %s', (_name, tie) => {
    it.each(grantings)('and with a grant that is: %s', async (granting) => {
      const world = new CoalescingReader(await worldOf(origin, tie, granting));
      const tried = triedUnder(tie);
      for (const by of [...askers, patient]) {
        const outcomes = await outcomesOf(by, world, tried);
        expect({ of: by.name, ...outcomes }).toEqual({ of: by.name, ...expectedOf(by, { tie, granting }, tried) });
        const cells = Object.values(outcomes).flatMap((each) => Object.values(each));
        seen.cells += cells.length;
        seen.permitted += cells.filter((outcome) => outcome.startsWith('permit') || outcome === 'closed').length;
      }
    });
  });

  it('has been tried in every cell', () => {
    const cellsUnder = (tie: Tie | undefined): number =>
      asking.length * (4 * recordStates.length + 2 * triedUnder(tie).length) + 3 * recordStates.length + triedUnder(tie).length;
    expect(ties).toHaveLength(1 + kindsOfTie.length * 8);
    expect(seen.cells).toBe(grantings.length * ties.reduce((sum, tie) => sum + cellsUnder(tie), 0));
    expect(seen.permitted).toBeGreaterThan(1_000);
  });
});
