import { type TransactionName, transactions } from '@lianyi/domain';
import { A, B, must, type Stage } from './cast.fixture';
import { type Bend, type Outcome, type Patient } from './consortium.fixture';
import { type Prepared } from './area.fixture';
import { names, samples } from './requests.fixture';
import { returnTo } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;

/** What an app got past the ledger, or how it was not refused as everything else is. */
interface Slip {
  readonly what: string;
}

/** What is put in the place of a text of a request: spellings of the same to the eye, times that are none, and names that objects have of their own. */
const texts = (text: string): readonly (readonly [what: string, text: unknown])[] => [
  ['a full-width twin', String.fromCodePoint((text.codePointAt(0) ?? 0x41) + 0xfee0) + text.slice(1)],
  ['a letter with a mark', `${text.slice(0, 1)}\u0301${text.slice(1)}`],
  ['a zero-width space', `${text.slice(0, 1)}\u200b${text.slice(1)}`],
  ['a space', `${text} `],
  ['NaN', 'NaN'],
  ['a day that is none', '2026-02-30T00:00:00.000Z'],
  ['a year before the first', '-000001-01-01T00:00:00.000Z'],
  ['a time without milliseconds', '2026-01-15T08:00:00Z'],
  ['a name of Object’s', 'constructor '],
  ['nothing', null],
  ['a list', [text]],
  ['an object', { constructor: text }],
];
const numbers: readonly (readonly [what: string, number: unknown])[] = [
  ['a negative number', -1],
  ['half of one', 0.5],
  ['more than is exact', 2 ** 53],
  ['a number’s text', '1'],
  ['nothing', null],
];

/** The same value with one place of it replaced in each way that is tried. */
function* twistsOf(value: unknown, path = 'input'): Generator<readonly [what: string, twisted: unknown]> {
  if (typeof value === 'string') for (const [what, twist] of texts(value)) yield [`${path}: ${what}`, twist];
  if (typeof value === 'number') for (const [what, twist] of numbers) yield [`${path}: ${what}`, twist];
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [`${path}: a key of nobody’s`, { ...value, hasOwnProperty: 1 }];
  for (const [key, each] of Object.entries(value))
    for (const [what, twist] of twistsOf(each, `${path}.${key}`)) {
      if (Array.isArray(value)) yield [what, value.map((old: unknown, place) => (String(place) === key ? twist : old))];
      else yield [what, { ...value, [key]: twist }];
    }
}

/** Texts that no request is. */
const argumentsOfNobody = (good: string): readonly (readonly [what: string, argument: string])[] => [
  ['a byte more than may be', good.replace('{', `{${' '.repeat(64 * 1024 + 1 - Buffer.byteLength(good))}`)],
  ['a megabyte', JSON.stringify({ input: { note: 'x'.repeat(1 << 20) } })],
  ['more levels than may be', `{"input":${'['.repeat(33)}${']'.repeat(33)}}`],
  ['a prototype', good.replace('{"input":{', '{"input":{"__proto__":{"kind":"staff"},')],
  ['a key twice', good.replace('{"input":{', '{"input":{"pseudonym":"somebody","pseudonym":"somebody",')],
  ['an actor in the request', good.replace('{"input":', '{"actor":{"kind":"administrator"},"input":')],
];

class App {
  readonly slips: Slip[] = [];
  tried = 0;

  constructor(private readonly stage: Stage) {}

  /** @param codes - with which of these it must be refused; left out: with any that is typed */
  async expectRefusal(what: string, name: TransactionName, { input, as, bend }: Prepared, codes?: readonly string[]): Promise<void> {
    const { cast } = this.stage;
    this.tried += 1;
    const kept: Bend = { ...bend, keepKey: true };
    const { status, code, writes, events }: Outcome = await cast.invoke(name, input, as, kept);
    const isRefused = status === 500 && code !== undefined && writes === 0 && events.length === 0;
    if (!isRefused || codes?.includes(code) === false)
      this.slips.push({ what: `${name} with ${what}: ${code ?? (status === 200 ? 'done' : 'failed')}` });
  }

  /** Every text and number of every command of a patient’s in every way, and every argument that is no request. */
  async twistEverything(): Promise<void> {
    for (const name of names) {
      if (samples[name].by !== 'patient') continue;
      const back = returnTo(this.stage);
      const { input, as, bend } = await samples[name].prepare(this.stage);
      for (const [what, twisted] of twistsOf(input)) {
        if (transactions[name].request.safeParse(twisted).success) continue; // another request, and as good
        await this.expectRefusal(what, name, { input: twisted as Json, as, ...(bend === undefined ? {} : { bend }) }, ['INVALID_REQUEST']);
      }
      for (const [what, argument] of argumentsOfNobody(this.stage.cast.argument(name, input, as)))
        await this.expectRefusal(what, name, { input, as, bend: { ...bend, argument } }, ['INVALID_REQUEST']);
      back();
    }
  }

  /** Consents that reach further than a consent may, and one for somebody else’s records. */
  async overreach(): Promise<void> {
    const { cast, patient } = this.stage;
    const stranger = await cast.newPatient();
    const grant = (what: string, grantee: Json, provision: Json, of: Patient = patient): Promise<void> =>
      this.expectRefusal(what, 'GrantPolicy', { input: { pseudonym: of.pseudonym, grantee, provisions: [provision] }, as: patient });
    const [good, all] = [cast.permit(), { kind: 'organisation', mspId: B, name: 'all' }];
    const { validUntil: _end, ...endless } = good;
    await grant('everybody', { kind: 'everybody' }, good);
    await grant('all organisations', { kind: 'organisation', mspId: '*', name: 'all' }, good);
    await grant('every name', { kind: 'organisation', mspId: B, name: '*' }, good);
    await grant('an organisation that there is not', { kind: 'organisation', mspId: 'NobodyMSP', name: 'all' }, good);
    await grant('no end', all, endless);
    await grant('an end before its beginning', all, { ...good, validUntil: cast.instant(-2_000) });
    await grant('every purpose there is', all, { ...good, purposes: ['*'] });
    await grant('a purpose that nobody consents to', all, { ...good, purposes: ['BTG'] });
    await grant('no purpose', all, { ...good, purposes: [] });
    await grant('a level above the highest', all, { ...good, maxDataLevel: 6 });
    await grant('the name of the default', all, { ...good, provisionId: 'default' });
    await grant('another effect', all, { ...good, effect: 'allow' });
    await grant('uses beyond counting', all, { ...good, uses: 1_001 });
    await grant('the records of somebody else', all, good, stranger);
  }

  /** Grants on, one grantee after the other, and provisions beyond those of one grant. @returns how many were taken */
  async fill(upTo: number): Promise<number> {
    const { cast, patient } = this.stage;
    const provisions = (count: number): readonly Json[] => Array.from({ length: count }, () => cast.permit());
    const { pseudonym } = patient;
    const all = { kind: 'organisation', mspId: A, name: 'all' };
    await this.expectRefusal('17 provisions', 'GrantPolicy', {
      input: { pseudonym, grantee: all, provisions: provisions(17) },
      as: patient,
    });
    for (let taken = 0; taken < upTo; taken += 1) {
      const { actorTag } = await cast.colleague(B, 'nurse');
      const grantee = { kind: 'person', mspId: B, name: actorTag };
      const { status, code, message } = await cast.invoke('GrantPolicy', { pseudonym, grantee, provisions: provisions(1) }, patient);
      if (status === 200) continue;
      if (code === 'LIMIT_REACHED') return taken;
      throw new Error(`a grant is refused for another reason: ${message}`);
    }
    this.slips.push({ what: `${upTo} grants and no end` });
    return upTo;
  }
}

/** What a patient’s own app does to the ledger that it has no business to. */
export async function playMaliciousApp(
  stage: Stage,
): Promise<{ readonly tried: number; readonly granted: number; readonly slips: readonly Slip[] }> {
  const app = new App(stage);
  await app.twistEverything();
  await app.overreach();
  const granted = await app.fill(300);
  must(await stage.cast.invoke('ListPolicies', { pseudonym: stage.patient.pseudonym, limit: 1 }, stage.patient)); // it still answers
  return { tried: app.tried, granted, slips: app.slips };
}
