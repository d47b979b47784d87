import { roles, type TransactionName, transactions } from '@lianyi/domain';
import { leaksIn } from '@lianyi/test/scenario/canary';
import { A, AUTHORITY, B, type Stage } from './cast.fixture';
import { type As, type Bend, newKey } from './consortium.fixture';
import { type Prepared } from './area.fixture';
import { names, samples } from './requests.fixture';
import { returnTo } from './stage.fixture';

/** What is found where nobody may be told it. */
interface Told {
  readonly by: TransactionName;
  readonly to: string;
  readonly what: string;
}

/**
 * Who is told a secret of their own hospital, because that is what the transaction is for: in the whole catalogue these and no others. Each is
 * told by the private data of the caller's hospital, which no other hospital's peer has.
 */
const lawful: Partial<Record<TransactionName, readonly string[]>> = {
  ResolveIdentifier: ['registrar'],
  GetEnvelope: ['keyService'],
  GetKeptKey: ['keyService'],
  GetPointerQuery: ['keyService'],
  GetEmergencyNarrative: ['privacyOfficer'],
  GetCorrectionText: ['recordAdmin', 'privacyOfficer', 'patient'],
};

/** Everybody who may try: each role at the hospital and at another one, and each kind of caller that is no staff. */
function everybody({ cast, patient }: Stage): readonly (readonly [who: string, as: As])[] {
  const staff = roles.flatMap((role): readonly (readonly [string, As])[] =>
    role === 'regulator'
      ? [[role, cast.staff(AUTHORITY, role)]]
      : [
          [role, cast.staff(A, role)],
          [`${role} of another hospital`, cast.staff(B, role)],
        ],
  );
  return [
    ...staff,
    ['administrator', cast.admin(A)],
    ['administrator of another hospital', cast.admin(B)],
    ['patient', patient],
    ['owner of a slot', cast.newSlotOwner()],
    ['guardian', { kind: 'guardian', pseudonym: patient.pseudonym, carrier: A, key: newKey() }],
    ['holder of a recovery code', { kind: 'pin', pinId: 'nobody', carrier: A, key: newKey() }],
    ['member', { kind: 'member', msp: A }],
  ];
}

/** Texts of a private value that are no name of anything: what a ledger that tells them has given away. */
function secretsIn(value: unknown, path = ''): readonly (readonly [what: string, text: string])[] {
  if (typeof value === 'string') return value.length >= 8 && !/(Id|pseudonym|mspId|system|suite|at)$/i.test(path) ? [[path, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => secretsIn(each, path === '' ? key : `${path}.${key}`));
}

/** Puts every private value that the catalogue knows on the stage. @returns the secrets in them */
async function planted(stage: Stage): Promise<readonly (readonly [what: string, text: string])[]> {
  const found = new Map<string, string>();
  for (const name of names) {
    if (!('transient' in transactions[name])) continue;
    const back = returnTo(stage);
    const { input, as, bend } = await samples[name].prepare(stage);
    const { status, message } = await stage.cast.invoke(name, input, as, bend);
    if (status !== 200) throw new Error(`${name} does not keep what it is to keep: ${message}`);
    for (const [what, text] of secretsIn(bend?.transient)) found.set(text, `${name} ${what}`);
    back();
  }
  if (found.size < 8) throw new Error('too few secrets are looked for');
  return [...found].map(([text, what]) => [what, text] as const);
}

/** Asks as an evaluation does: whatever is written is thrown away, only the answer reaches who asks. */
async function evaluated(stage: Stage, name: TransactionName, { input, bend }: Prepared, as: As): Promise<Buffer> {
  const { cast } = stage;
  const before = cast.state;
  cast.state = before.fork();
  const kept: Bend = { ...bend, keepKey: true };
  const { message, answer, events } = await cast.invoke(name, input, as, kept);
  cast.state = before;
  return Buffer.from(JSON.stringify({ message, answer, events }));
}

/** Calls everything in the catalogue by evaluation, as everybody, and looks for secrets in what comes back, be it an answer or a refusal. */
export async function askEverythingByEvaluate(stage: Stage): Promise<{ readonly told: readonly Told[]; readonly calls: number }> {
  const secrets = await planted(stage);
  const markers = secrets.map(([, text]) => text);
  const told: Told[] = [];
  let calls = 0;
  for (const name of names) {
    const back = returnTo(stage);
    const prepared = await samples[name].prepare(stage);
    const mine = new Set(secretsIn(prepared.input).map(([, text]) => text)); // what the asker has said is no news to them
    for (const [to, as] of [...everybody(stage), ['who may', prepared.as] as const]) {
      const bytes = await evaluated(stage, name, prepared, as);
      calls += 1;
      for (const { marker } of leaksIn(name, bytes, markers))
        if (!mine.has(markers[marker] ?? '')) told.push({ by: name, to, what: secrets[marker]?.[0] ?? '' });
    }
    back();
  }
  return { told, calls };
}

/** What of it nobody may be told. @throws when a line of {@link lawful} is nobody's any more */
export function unlawful(told: readonly Told[]): readonly Told[] {
  const isLawful = ({ by, to }: Told): boolean => (to === 'who may' ? lawful[by] !== undefined : lawful[by]?.includes(to) === true);
  const idle = Object.keys(lawful).filter((name) => !told.some(({ by }) => by === name));
  if (idle.length > 0) throw new Error(`nobody is told anything by ${idle.join(', ')}: the list of who may be is too long`);
  return told.filter((each) => !isLawful(each));
}
