import { transactions } from '@lianyi/domain';
import { A, B, HOSPITAL_ROLES, must, type Stage } from './cast.fixture';
import { newKey, sha256Of, type Staff } from './consortium.fixture';
import { names, samples } from './requests.fixture';
import { ticket } from './sample.fixture';
import { returnTo } from './stage.fixture';

/** What a stolen key still does. */
interface Theft {
  readonly what: string;
}

const isRole = (by: string): by is (typeof HOSPITAL_ROLES)[number] => HOSPITAL_ROLES.some((role) => role === by);

async function revoke({ cast }: Stage, { msp, actorTag }: Staff): Promise<void> {
  must(await cast.invoke('RevokeStaff', { actorTag }, cast.admin(msp)));
}

/**
 * Says everything of the catalogue that a role may say, by the key of one whose entry is revoked; and, before that, from another hospital's node.
 * A transaction that did not read the entry would also be committed if it was endorsed before the revocation (MVCC).
 */
async function byRevokedStaff(stage: Stage): Promise<{ readonly tried: number; readonly thefts: readonly Theft[] }> {
  const thefts: Theft[] = [];
  let tried = 0;
  for (const name of names) {
    const { by } = samples[name];
    if (!isRole(by)) continue;
    const back = returnTo(stage);
    const { input, as, bend } = await samples[name].prepare(stage);
    if (as.kind !== 'staff') throw new Error(`${name} is by the staff of its sample`);
    const { cast } = stage;
    const [state, before] = [cast.state, cast.state.reads.length];
    cast.state = state.fork();
    const elsewhere = await cast.invoke(name, input, as, { ...bend, carrier: as.msp === B ? A : B });
    if (elsewhere.code !== 'NOT_PERMITTED') thefts.push({ what: `${name} from another hospital: ${elsewhere.code ?? elsewhere.message}` });
    cast.state = state;
    await cast.invoke(name, input, as, bend);
    if (!cast.state.reads.slice(before).some(({ keys }) => keys.some((key) => key.includes(as.actorTag))))
      thefts.push({ what: `${name} does not read who asks` });
    await revoke(stage, as);
    const after = await cast.invoke(name, input, as, bend);
    tried += 2;
    if (after.code !== 'STAFF_REVOKED') thefts.push({ what: `${name} after the revocation: ${after.code ?? 'done'}` });
    back();
  }
  return { tried, thefts };
}

/** A permit that the thief has, or had asked for before, opens nothing after the revocation. */
async function releases(stage: Stage): Promise<readonly Theft[]> {
  const { cast, recordId } = stage;
  const back = returnTo(stage);
  const ticketId = await ticket(stage);
  const release = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  await revoke(stage, cast.staff(B, 'clinician'));
  const outcome = await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService'));
  const standing = await cast.invoke('GetTicketStanding', { ticketId }, { kind: 'member', msp: A });
  back();
  const thefts = outcome.status === 200 ? [{ what: 'a key is released to the revoked' }] : [];
  return standing.answer?.['obstacle'] === undefined ? [...thefts, { what: 'the ciphertext is served to the revoked' }] : thefts;
}

/** The patient has rotated the key; whoever has copied the wallet before signs with the old one. */
async function byOldWallet(stage: Stage): Promise<readonly Theft[]> {
  const { cast, patient } = stage;
  const back = returnTo(stage);
  const copy = { ...patient };
  must(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient));
  const thefts: Theft[] = [];
  const rotated = returnTo(stage);
  for (const name of names) {
    if (samples[name].by !== 'patient' || transactions[name].kind !== 'submit') continue;
    rotated();
    const { input, as, bend } = await samples[name].prepare(stage);
    if (as !== patient) continue; // of another patient, whose key nobody has
    const outcome = await cast.invoke(name, input, { ...copy, next: newKey() }, { ...bend, keepKey: true });
    if (outcome.code !== 'STALE_KEY') thefts.push({ what: `${name} by the old key: ${outcome.code ?? 'done'}` });
  }
  back();
  return thefts;
}

export async function useStolenKeys(stage: Stage): Promise<{ readonly tried: number; readonly thefts: readonly Theft[] }> {
  const { tried, thefts } = await byRevokedStaff(stage);
  return { tried, thefts: [...thefts, ...(await releases(stage)), ...(await byOldWallet(stage))] };
}
