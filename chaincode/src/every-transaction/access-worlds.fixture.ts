import { canonicalJson, type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { type MemoryState } from '../ledger/memory-state.fixture';
import { A, AUTHORITY, B, must, newStage, type Stage } from './cast.fixture';
import { pointer, retired } from './pointer-sample.fixture';

/** Everything that the rule of access looks at, put together in every way: the patient's tie to the custodian, what was granted, the record. */

type Json = Readonly<Record<string, unknown>>;

const states = [
  { state: 'proposed' },
  { state: 'active' },
  { state: 'suspended', suspendedBy: 'patient' },
  { state: 'suspended', suspendedBy: 'organisation' },
  { state: 'suspended', suspendedBy: 'both' },
  { state: 'terminated' },
  { state: 'terminated', suspendedBy: 'patient' },
  { state: 'rejected' },
] as const;
export const kindsOfTie = ['care', 'laboratory', 'insurer', 'caregiver', 'device'] as const;
export type Tie = (typeof states)[number] & { readonly type: (typeof kindsOfTie)[number]; readonly suspendedBy?: string };
/** No tie at all, and each kind in each state. */
export const ties: readonly (Tie | undefined)[] = [
  undefined,
  ...kindsOfTie.flatMap((type) => states.map((each): Tie => ({ type, ...each }))),
];

export const grantings = ['nothing', 'permission', 'prohibition', 'revoked', 'expired'] as const;
export type Granting = (typeof grantings)[number];
export const recordStates = ['current', 'retracted', 'pointer', 'retired pointer', 'absent'] as const;
export type RecordState = (typeof recordStates)[number];

/** Where all of these worlds begin: a patient with a record of each state, and a ticket for each from when it was still to be had. */
export type Beginning = Stage & {
  readonly pseudonym: Pseudonym;
  readonly recordIds: Readonly<Record<RecordState, string>>;
  readonly ticketIds: Readonly<Record<RecordState, string>>;
};

/** Whose staff ask: of the custodian, of another hospital, of an authority. What is granted is granted to each of them as a whole. */
const ASKING = [A, B, AUTHORITY];

export async function newBeginning(): Promise<Beginning> {
  const stage = await newStage();
  const { cast, patient, recordId: current } = stage;
  const later = { input: await pointer(stage), as: cast.staff(A, 'recordAdmin') };
  const recordIds = {
    current,
    retracted: await cast.anchor(patient),
    pointer: String((await pointer(stage))['pointerId']),
    'retired pointer': String(later.input['pointerId']),
    absent: 'nothing',
  };
  await put(cast.state, 'grant', [patient.pseudonym, 'organisation', B, 'all'], granted(stage, B, 'permission'));
  const asker = cast.staff(B, 'clinician');
  const ticketIds: Partial<Record<RecordState, string>> = {};
  for (const state of recordStates) {
    const asked = cast.accessInput(patient, [recordIds[state]], asker);
    must(await cast.invoke('RequestAccess', asked, asker));
    ticketIds[state] = String(asked['ticketId']);
  }
  const retraction = { pseudonym: patient.pseudonym, recordId: recordIds.retracted, previousVersion: 1, reason: 'other' };
  must(await cast.invoke('RetractRecord', retraction, cast.staff(A, 'recordAdmin')));
  await retired(1)(stage, later);
  const pseudonym = pseudonymSchema.parse(patient.pseudonym);
  return { ...stage, pseudonym, recordIds, ticketIds: ticketIds as Record<RecordState, string> }; // the loop above has filled it
}

/** The ledger as it is where the tie and the grants are these: written as no transaction of a test would get there. */
export async function worldOf({ cast, patient, ...origin }: Beginning, tie: Tie | undefined, granting: Granting): Promise<MemoryState> {
  const world = cast.state.fork();
  const at = [patient.pseudonym, A];
  const before = JSON.parse(world.dump(publicSpace).get(keyOf('relationship', at)) ?? '{}') as Json;
  await put(world, 'relationship', at, tie && { ...before, ...tie });
  for (const mspId of ASKING)
    await put(world, 'grant', [patient.pseudonym, 'organisation', mspId, 'all'], granted({ cast, patient, ...origin }, mspId, granting));
  return world;
}

function granted({ cast, patient }: Stage, mspId: string, granting: Granting): Json | undefined {
  if (granting === 'nothing') return undefined;
  const until = cast.instant(granting === 'expired' ? -1_000 : 86_400_000);
  const permits = { provisionId: 'yes', effect: 'permit', purposes: 'any', validFrom: cast.instant(-10_000), validUntil: until };
  const forbids = { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-10_000) };
  return {
    ...{ schemaVersion: 1, pseudonym: patient.pseudonym, grantee: { kind: 'organisation', mspId, name: 'all' }, version: 1 },
    state: granting === 'revoked' ? 'revoked' : 'active',
    provisions: [granting === 'prohibition' ? forbids : permits],
    ...{ grantedAt: cast.instant(-10_000), changedAt: cast.instant(-10_000) },
    origin: { requestHash: 'A'.repeat(43), actor: { kind: 'patient', pseudonym: patient.pseudonym } },
  };
}

const keyOf = (objectType: string, parts: readonly string[]): string => `\u0000${[objectType, ...parts].join('\u0000')}\u0000`;

async function put(state: MemoryState, objectType: string, parts: readonly string[], entry: Json | undefined): Promise<void> {
  const [space, key] = [publicSpace, keyOf(objectType, parts)];
  const value = Buffer.from(canonicalJson(entry ?? {}));
  await state.apply([entry === undefined ? { kind: 'delete', space, key } : { kind: 'put', space, key, value }]);
}
