import { X509Certificate } from 'node:crypto';
import { newPrivateKey, publicKeyOf, staffProofs } from '@lianyi/client';
import {
  actorTagSchema,
  canonicalJson,
  hashOfKey,
  instantOf,
  mspIdSchema,
  newRequest,
  type Request,
  sha256,
  staffSchema,
  transactions,
} from '@lianyi/domain';
import { type Hospital } from '@lianyi/workbench';
import { newId, type Scenario, type StaffMember } from '../scenario/scenario';
import { ledgerKey } from './forged-transaction';

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

/**
 * A staff entry that its hospital's administrator has never made: key and text, as others write it.
 * @param certificatePem - of the administrator who is said to have made it; else its own person is
 */
export function forgedEntry(
  { input, person }: Pick<ReturnType<typeof newEntry>, 'input' | 'person'>,
  certificatePem?: string,
): Readonly<Record<string, string>> {
  const mspId = mspIdSchema.parse(person.hospital.member.mspId);
  const now = instantOf(Date.now());
  const keyOf = (pem: string) => sha256(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }));
  const actor =
    certificatePem === undefined
      ? { kind: 'staff', mspId, actorTag: person.actorTag }
      : { kind: 'administrator', mspId, keyHash: keyOf(certificatePem) };
  const origin = { requestHash: sha256('whatever'), actor };
  const entry = { schemaVersion: 1, mspId, ...input, state: 'active', registeredAt: now, changedAt: now, origin };
  return { [ledgerKey('staff', mspId, person.actorTag)]: canonicalJson(staffSchema.parse(entry)) };
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
