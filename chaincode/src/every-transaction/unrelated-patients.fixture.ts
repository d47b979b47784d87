import { purposes } from '@lianyi/domain';
import { A, B, C, DEPARTMENT, HOSPITAL_ROLES, must, type Stage } from './cast.fixture';
import { type Outcome, sha256Of, type Staff } from './consortium.fixture';
import { returnTo } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;

/** A cell of roles, hospitals, purposes and departments in which somebody reads whom they have nothing to do with. */
interface Leak {
  readonly who: string;
  readonly relation: string;
  readonly purpose: string;
}

/** How a patient of A, who has granted nothing, stands to whoever asks; A keeps the record. */
const relations: readonly {
  readonly relation: string;
  readonly hospitals: readonly string[];
  readonly make: (stage: Stage) => Promise<Outcome | undefined>;
}[] = [
  { relation: 'a patient of another hospital', hospitals: [B, C], make: () => Promise.resolve(undefined) },
  { relation: 'one’s own patient, who has suspended', hospitals: [A], make: (stage) => byPatient(stage, 'SuspendRelationship') },
  { relation: 'one’s own patient, who has ended', hospitals: [A], make: (stage) => byPatient(stage, 'TerminateRelationship') },
  {
    relation: 'one’s own patient, who has forbidden it',
    hospitals: [A],
    make: ({ cast, patient }) => {
      const { validUntil: _end, ...forbidden } = cast.permit({ effect: 'deny', purposes: 'any' });
      const grantee = { kind: 'organisation', mspId: A, name: 'all' };
      return cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [forbidden] }, patient);
    },
  },
  {
    relation: 'a patient who has granted another department',
    hospitals: [B],
    make: async ({ cast, patient }) => {
      const { input } = cast.staffInput(['clinician']);
      must(await cast.invoke('RegisterStaff', { ...input, departments: ['oncology'] }, cast.admin(B)));
      const grantee = { kind: 'department', mspId: B, name: 'oncology' };
      return cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit({ purposes: 'any' })] }, patient);
    },
  },
];

function byPatient({ cast, patient }: Stage, name: 'SuspendRelationship' | 'TerminateRelationship'): Promise<Outcome> {
  return cast.invoke(name, { pseudonym: patient.pseudonym, mspId: A }, patient);
}

/** Every role, purpose and department in which somebody of these hospitals may ask. */
function* cellsAt(
  hospitals: readonly string[],
): Generator<{ readonly msp: string; readonly role: string; readonly purpose: string; readonly department: string }> {
  for (const msp of hospitals)
    for (const role of HOSPITAL_ROLES)
      for (const purpose of purposes) for (const department of [DEPARTMENT, 'oncology']) yield { msp, role, purpose, department };
}

/** Asks in every cell; what is permitted, or whose key A's key service would release, is a leak. */
export async function readUnrelated(stage: Stage): Promise<{ readonly cells: number; readonly leaks: readonly Leak[] }> {
  const leaks: Leak[] = [];
  let cells = 0;
  for (const { relation, hospitals, make } of relations) {
    const back = returnTo(stage);
    const made = await make(stage);
    if (made !== undefined) must(made);
    for (const { msp, role, ...asking } of cellsAt(hospitals)) {
      cells += 1;
      if (await reads(stage, stage.cast.staff(msp, role), asking))
        leaks.push({ who: `${role} of ${msp}`, relation, purpose: asking.purpose });
    }
    back();
  }
  return { cells, leaks };
}

async function reads({ cast, patient, recordId }: Stage, who: Staff, asking: Json): Promise<boolean> {
  const input = { ...cast.accessInput(patient, [recordId], who), ...asking };
  const { status, code, answer } = await cast.invoke('RequestAccess', input, who);
  if (status === 200) {
    if (answer?.['decision'] !== 'deny') return true;
    const release = { ticketId: input['ticketId'], recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
    return (await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService'))).status === 200;
  }
  if (code === undefined) throw new Error('a request for access failed instead of being refused');
  return false;
}
