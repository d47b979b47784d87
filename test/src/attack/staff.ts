import { newPrivateKey, publicKeyOf, staffProofs } from '@lianyi/client';
import { actorTagSchema, hashOfKey, mspIdSchema, newRequest, type Request, transactions } from '@lianyi/domain';
import { type Hospital } from '@lianyi/workbench';
import { newId, type Scenario, type StaffMember } from '../scenario/scenario';

type Key = ReturnType<typeof newPrivateKey>;
/** What an attacker writes into a staff entry. */
export type Entry = Pick<Request<typeof transactions.RegisterStaff>, 'roles' | 'departments'> & { readonly key?: Key };

/** A request to register somebody, and how that somebody signs. */
export function newEntry(
  scenario: Scenario,
  hospital: Hospital,
  { roles, departments, key = newPrivateKey() }: Entry,
): { readonly input: Request<typeof transactions.RegisterStaff>; readonly person: StaffMember; readonly key: Key } {
  const actorTag = newId();
  const mspId = mspIdSchema.parse(hospital.member.mspId);
  const sign = staffProofs({ network: scenario.network, mspId, actorTag: actorTagSchema.parse(actorTag), privateKey: key });
  const input = { actorTag, roles, departments, publicKeyHash: hashOfKey(publicKeyOf(key)), dutyWindows: [] };
  const person = { profile: 'none', hospital, actorTag, department: departments[0] ?? 'none', sign, client: scenario.client(hospital) };
  return { input, person, key };
}

/** Registered by the hospital's administrator. */
export async function hired(scenario: Scenario, hospital: Hospital, entry: Entry): Promise<ReturnType<typeof newEntry>> {
  const made = newEntry(scenario, hospital, entry);
  await (await scenario.ledger(hospital, 'Admin')).submit(newRequest(transactions.RegisterStaff, made.input));
  return made;
}

/** The code of a refusal, or undefined when it was none. */
export async function refusedWith(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') throw error;
    return code;
  }
}
