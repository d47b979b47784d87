import { pseudonymOf, type Sha256, transactionByName, transactions } from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { askedIn } from './asked-by-staff';
import { type KnownMembers } from './member-facts';
import { type KnownPatients, type PatientFact } from './patient-facts';
import { isWrittenUnder } from './written-before';
import { keyOfPseudonym, pseudonymFacts } from './written-pseudonym';

/** Which ledger, and whose patients are followed. */
export interface FollowedPatients {
  readonly chaincode: string;
  readonly genesis: Sha256;
  /** Whether patients that this organisation registers are followed. */
  readonly isFollowed: (mspId: string) => boolean;
}

/** Whose entries say who may register a patient. */
type KnownStaffEntries = Pick<KnownMembers, 'staffOf' | 'staffWithKey'>;
type Registered = Extract<PatientFact, { kind: 'registered' }>;

const NOTHING = { found: [], written: [] } as const;

/**
 * What a registration says, if it is the first of its pseudonym, and what is written of the pseudonym for it. One under whose pseudonym something
 * stands that nobody can have said is not followed: what there is whose, nobody could tell, and where nothing is, that may be taken for leave.
 */
export async function firstFacts(
  call: BlockCall,
  followed: FollowedPatients,
  known: KnownStaffEntries & Pick<KnownPatients, 'keyOf' | 'isWrittenBefore'>,
): Promise<{ readonly found: readonly PatientFact[]; readonly written: readonly PatientFact[] }> {
  const registered = await registrationIn(call, followed, known);
  if (registered === undefined || (await known.keyOf(registered.pseudonym)) !== undefined) return NOTHING;
  const { pseudonym } = registered;
  if (isWrittenUnder(pseudonym, call.writes) || (await known.isWrittenBefore(pseudonym)))
    return { found: [{ kind: 'alarm', alarm: 'written-before-registration', pseudonym }], written: [] };
  return { found: [registered], written: registeredFacts(call.writes, registered) };
}

/**
 * The registration of a patient of a followed hospital: its own staff has asked for it with its own client, and the pseudonym is that of the
 * key it begins with, so that nobody's registration begins the chain of another's pseudonym.
 */
async function registrationIn(call: BlockCall, followed: FollowedPatients, known: KnownStaffEntries): Promise<Registered | undefined> {
  const [name = ''] = call.args;
  if (transactionByName(name)?.name !== transactions.RegisterPatient.name || !followed.isFollowed(call.creatorMspId)) return undefined;
  // it is said once of a pseudonym and opens nothing: when it is committed does not matter
  const asked = await askedIn(call, followed, known);
  const registered = asked && transactions.RegisterPatient.request.safeParse(asked.input).data;
  if (asked === undefined || registered === undefined) return undefined;
  const { pseudonym, nextKeyHash, nonce, kind } = registered;
  const isWritten = call.writes.some(({ key, value }) => key === keyOfPseudonym(pseudonym) && value instanceof Uint8Array);
  if (!isWritten || pseudonym !== pseudonymOf({ mspId: asked.mspId, firstKeyHash: nextKeyHash, nonce })) return undefined;
  return { kind: 'registered', pseudonym, mspId: asked.mspId, nextKeyHash, isAssisted: kind === 'assisted' };
}

/** What the transaction that registers a pseudonym writes of it. */
function registeredFacts(writes: readonly BlockWrite[], { pseudonym, ...said }: Registered): PatientFact[] {
  const own = writes.filter(({ key }) => key === keyOfPseudonym(pseudonym));
  return own.flatMap((write) => pseudonymFacts(write, pseudonym, { ...said, isDeceased: false, recoveries: [], writtenOpen: [] }));
}
