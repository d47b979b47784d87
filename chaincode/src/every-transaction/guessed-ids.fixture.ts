import { type TransactionName, transactions } from '@lianyi/domain';
import { type Prepared } from './area.fixture';
import { publicSpace } from '../ledger/state';
import { HOSPITAL_ROLES, HOSPITALS, type Stage } from './cast.fixture';
import { type As, sha256Of } from './consortium.fixture';
import { names, samples } from './requests.fixture';
import { returnTo } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;

/** An answer that tells a guesser more than the same one about nothing. */
interface Difference {
  readonly question: TransactionName;
  readonly by: string;
  readonly why: string;
}

/** Somebody who has nothing to do with the patient. */
type Outsider = readonly [who: string, as: As];

/** A question about what there is, which an outsider is refused, or denied. */
interface Question {
  readonly name: TransactionName;
  readonly prepared: Prepared;
  readonly outsider: Outsider;
  /** What they are answered, without the ids that they have said themselves. */
  readonly answered: string;
}

const ID = /(Id|pseudonym)$/;
/** No secrets: which members there are, and which examinations they recognise. */
const NAMES_OF_ALL: ReadonlySet<string> = new Set(['mspId', 'itemId']);
const WITHOUT_IDS = '(an id)';
const openToAll = (name: TransactionName): boolean => transactions[name].callers.some(({ kind }) => kind === 'member');

/** Every id of a request, in the order in which they stand there; the asker's own ticket is not guessed. */
function idsIn(value: unknown, isOwn: (key: string) => boolean = () => false): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'recordIds' && Array.isArray(each)) return each.filter((id) => typeof id === 'string');
    if (typeof each === 'string') return ID.test(key) && !NAMES_OF_ALL.has(key) && !isOwn(key) ? [each] : [];
    return idsIn(each, isOwn);
  });
}

function replaced(input: Json, ids: readonly string[], by: readonly string[]): Json {
  const text = ids.reduce((all, id, place) => all.replaceAll(JSON.stringify(id), JSON.stringify(by[place])), JSON.stringify(input));
  return JSON.parse(text) as Json; // what was an object before is one still
}

const isOwnId = (name: TransactionName) => (key: string) => name === 'RequestAccess' && key === 'ticketId';

/** What an outsider is answered, in the bytes in which it came, but for the ids that they have said. */
async function answerTo(stage: Stage, name: TransactionName, input: Json, { bend }: Prepared, as: As): Promise<string> {
  const { cast } = stage;
  const before = cast.state;
  cast.state = before.fork();
  const { status, message, answer } = await cast.invoke(name, input, as, { ...bend, keepKey: true, txId: 'guessed' });
  cast.state = before;
  const text = JSON.stringify({ status, message, answer });
  return idsIn(input, isOwnId(name)).reduce((all, id) => all.replaceAll(id, WITHOUT_IDS), text);
}

/** Who keeps a copy or a share, as they would of anybody's, has nothing to do with the patient. */
const KEEPERS = ['locators', 'receipts', 'holders', 'shares'];
const withoutKeepers = (value: string): string =>
  JSON.stringify(JSON.parse(value, (key, each: unknown) => (KEEPERS.includes(key) ? undefined : each)));

/** The hospitals that no entry names to which one of these ids leads. */
function hospitalsBeside({ cast }: Stage, ids: readonly string[]): readonly string[] {
  const entries = [...cast.state.dump(publicSpace)].filter(([key, value]) => ids.some((id) => `${key} ${value}`.includes(id)));
  const led = entries.map(([key, value]) => `${key} ${withoutKeepers(value)}`);
  return HOSPITALS.filter((msp) => !led.some((entry) => entry.includes(msp)));
}

function outsidersOf({ cast }: Stage, msp: string, stranger: As | undefined): readonly Outsider[] {
  return [
    ...HOSPITAL_ROLES.map((role): Outsider => [`${role} of ${msp}`, cast.staff(msp, role)]),
    ...(stranger === undefined ? [] : [[`another patient of ${msp}`, stranger] as const]),
    [`administrator of ${msp}`, cast.admin(msp)],
  ];
}

/** What an outsider may ask of the catalogue: every query, and the request for access, whose denial is committed. */
const asked = names.filter((name) => transactions[name].kind === 'evaluate' || name === 'RequestAccess');

/** The request as this outsider would make it: a ticket's id is derived from who asks. */
function madeBy({ cast, patient, recordId }: Stage, name: TransactionName, prepared: Prepared, as: As): Prepared {
  return name === 'RequestAccess' && as.kind === 'staff' ? { input: cast.accessInput(patient, [recordId], as), as } : prepared;
}

export async function guessIds(
  stage: Stage,
  guesses: number,
): Promise<{ readonly questions: number; readonly differences: readonly Difference[] }> {
  const { cast, patient } = stage;
  const strangers = new Map<string, As>();
  for (const msp of HOSPITALS) strangers.set(msp, await cast.newPatient(msp));
  const differences: Difference[] = [];
  let questions = 0;
  const each = Math.ceil(guesses / asked.length);
  for (const name of asked) {
    const back = returnTo(stage);
    const prepared = await samples[name].prepare(stage);
    const refused: Question[] = [];
    const beside = hospitalsBeside(stage, [patient.pseudonym, ...idsIn(prepared.input, isOwnId(name))]);
    if (beside.length === 0)
      differences.push({
        question: name,
        by: 'nobody',
        why: `no hospital has nothing to do with what its sample names ${JSON.stringify(prepared.input)}`,
      });
    for (const outsider of beside.flatMap((msp) => outsidersOf(stage, msp, strangers.get(msp)))) {
      const [by, as] = outsider;
      const own = madeBy(stage, name, prepared, as);
      const answered = await answerTo(stage, name, own.input, own, as);
      const isAnswered = answered.startsWith('{"status":200') && !answered.includes('"decision":"deny"');
      if (isAnswered && !openToAll(name) && answered.includes(patient.pseudonym))
        differences.push({ question: name, by, why: 'is told of the patient' });
      if (!isAnswered && !answered.includes('"transaction":')) refused.push({ name, prepared: own, outsider, answered });
    }
    questions += refused.length;
    differences.push(...(await guessed(stage, refused, each)));
    back();
  }
  return { questions, differences };
}

/** Asks the same about as many ids that name nothing, each id of the request by itself and all together in turns. */
async function guessed(stage: Stage, refused: readonly Question[], guesses: number): Promise<readonly Difference[]> {
  const differences = new Map<string, Difference>();
  for (const [place, { name, prepared, outsider, answered }] of refused.entries()) {
    const [by, as] = outsider;
    const ids = [...new Set(idsIn(prepared.input, isOwnId(name)))];
    const ways = [...ids.map((id) => [id]), ids].filter((way) => way.length > 0);
    for (let guess = 0; ways.length > 0 && guess < Math.max(ways.length, guesses / refused.length); guess += 1) {
      const way = ways[guess % ways.length] ?? ids;
      const absent = way.map((id) => sha256Of(`${place} ${guess} ${id}`).slice(0, id.length).padEnd(id.length, 'x').replaceAll(/^-/g, 'x'));
      const input = replaced(prepared.input, way, absent);
      const about = await answerTo(stage, name, input, prepared, as);
      if (about !== answered)
        differences.set(`${name} ${by}`, {
          question: name,
          by,
          why: `${codeIn(answered)} of what there is, ${codeIn(about)} of what there is not`,
        });
    }
  }
  return [...differences.values()];
}

const codeIn = (answer: string): string => /\\"code\\":\\"([A-Z_]+)/.exec(answer)?.[1] ?? answer.slice(0, 200);
