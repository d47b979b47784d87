import { type TransactionEntry, type TransactionName, transactions } from '@lianyi/domain';
import { C, DEPARTMENT, must, type Stage } from './cast.fixture';
import { type As, type Patient } from './consortium.fixture';
import { cardShown, countersigning, glassInput, hireIn } from './emergency.fixture';
import { card } from './sample.fixture';
import { returnTo, useStage } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;
/** What is asked, by whom; about each subject the same but for its ids. */
type Asking = { readonly input: Json; readonly as: As };
/** Of one patient a record that is hidden, of another one, and of nobody any; the other has shut the asker out. */
type World = Stage & { readonly other: Patient; readonly othersRecord: string };
type Subject = { readonly pseudonym: string; readonly recordId: string };

const stage = useStage();

const shutOut = async ({ cast }: Stage, patient: Patient): Promise<void> => {
  // beside a permission, so that nothing but the prohibition closes
  const provisions = [cast.permit(), { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }];
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(C), provisions }, patient));
};
async function world(): Promise<World> {
  const { cast, patient, recordId } = stage();
  const other = await cast.newPatient();
  await cast.relate(other);
  const known = { cast, patient, recordId, other, othersRecord: await cast.anchor(other) };
  await shutOut(known, other);
  return known;
}

/** By staff of a hospital that has nothing to do with any of them. */
const stranger = ({ cast }: Stage, role = 'clinician'): ReturnType<Stage['cast']['staff']> => cast.staff(C, role);
const asked = ({ cast, patient }: World, { pseudonym, recordId }: Subject, by = stranger({ cast, patient, recordId })): Json => ({
  ...cast.accessInput(patient, [recordId], by),
  pseudonym,
});
const cardOf = async (known: World, { pseudonym }: Subject): Promise<string> => {
  const whose = [known.patient, known.other].find((each) => each.pseudonym === pseudonym);
  return whose === undefined ? 'no-such-card' : card({ ...known, patient: whose });
};
const shown = async (known: World, subject: Subject): Promise<Asking> => {
  const as = stranger(known);
  return { input: cardShown(known, await cardOf(known, subject), as), as };
};

const subjects = ['absent', 'hidden', 'another’s', 'shut out'] as const;
type About = (typeof subjects)[number];
type Question = {
  readonly ask: (known: World, subject: Subject) => Asking | Promise<Asking>;
  /** Of whom it tells something else, because it is what it is for. */
  readonly but?: readonly About[];
};

/** Every question whose time must tell nothing. */
const questions: Readonly<Record<string, Question>> = {
  RequestAccess: { ask: (known, subject) => ({ input: asked(known, subject), as: stranger(known) }) },
  ListPermitted: {
    ask: (known, { pseudonym }) => ({
      input: { pseudonym, purpose: 'TREAT', department: DEPARTMENT, limit: 10 },
      as: stranger(known),
    }),
  },
  ExplainAccess: {
    ask: (known, { pseudonym, recordId }) => ({
      input: known.cast.explainInput({ pseudonym }, recordId, stranger(known)),
      as: stranger(known, 'privacyOfficer'),
    }),
  },
  OpenOwnRecords: {
    but: ['hidden', 'shut out'], // the patient's own
    ask: ({ cast, patient }, { recordId }) => ({ input: cast.ownInput(patient, [recordId]), as: patient }),
  },
  BreakGlass: {
    but: ['hidden'],
    ask: (known, { pseudonym, recordId }) => {
      const as = stranger(known);
      return { input: glassInput(known, as, { pseudonym, recordIds: [recordId] }), as };
    },
  },
  CountersignEmergency: {
    ask: async (known, { pseudonym, recordId }) => {
      const as = await hireIn(known, 'clinician', 'surgery', C);
      const { signed } = countersigning(known, stranger(known), { pseudonym, recordIds: [recordId] });
      return { input: signed, as };
    },
  },
  ShowCardInEmergency: { ask: shown },
  ListForEmergency: {
    but: ['hidden', 'another’s'],
    ask: async (known, subject) => {
      const { input, as } = await shown(known, subject);
      must(await known.cast.invoke('ShowCardInEmergency', input, as));
      return { input: { ticketId: input['ticketId'], opening: { scope: 'full', withoutDataset: 'none-prepared' }, limit: 10 }, as };
    },
  },
};

/** What is told but for the ids of the question, and which kinds of entries were read for it, turn by turn. */
async function traceOf(known: World, name: TransactionName, { input, as }: Asking): Promise<object> {
  const { state } = known.cast;
  const [reads, scans] = [state.reads.length, state.scans.length];
  const { code, answer } = await known.cast.invoke(name, input, as);
  return {
    code,
    answer: { ...answer, ticketId: undefined, signer: undefined },
    reads: state.reads.slice(reads).map(({ keys }) => keys.map((key) => key.split('\u0000')[1])),
    scans: state.scans.slice(scans).map(({ objectType, limit }) => [objectType, limit]),
  };
}

describe('what must not be told apart', () => {
  it('is asked about by all questions that answer evenly', () => {
    const entries: readonly TransactionEntry[] = Object.values(transactions);
    const evenly = entries.filter((entry) => entry.evenly !== undefined).map(({ name }) => name);
    // held of a hundred patients with and without what is hidden (recognitions.test.ts); of referrals, of which a foreign one is one that is not there
    const elsewhere = ['ResolveRecognition', 'GetReferral', 'ListReferrals', 'ListReferralsOfHospital'];
    expect([...Object.keys(questions), ...elsewhere].sort()).toEqual(evenly.sort());
  });

  it.each(Object.keys(questions) as TransactionName[])('is answered and read alike by %s', async (name) => {
    const known = await world();
    const { patient, recordId, other, othersRecord } = known;
    const about: Readonly<Record<About, Subject>> = {
      absent: { pseudonym: 'nobody', recordId: 'no-such-record' },
      hidden: { pseudonym: patient.pseudonym, recordId },
      'another’s': { pseudonym: patient.pseudonym, recordId: othersRecord },
      'shut out': { pseudonym: other.pseudonym, recordId },
    };
    const { ask, but = [] } = questions[name] ?? {};
    if (ask === undefined) throw new Error('nothing is asked');
    const back = returnTo(known);
    const traces: [About, object][] = [];
    for (const subject of subjects.filter((each) => !but.includes(each))) {
      back();
      traces.push([subject, await traceOf(known, name, await ask(known, about[subject]))]);
    }
    const ofAbsent = traces[0]?.[1];
    expect(traces.length).toBeGreaterThan(1);
    expect(traces).toEqual(traces.map(([subject]) => [subject, ofAbsent]));
  });
});
