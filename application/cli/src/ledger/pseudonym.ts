import { type MspId, mspIdSchema, type Pseudonym } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { openOwnWallet } from './own-wallet';
import { only } from './patient-session';

/** The pseudonym named, or the only one of the own wallet: most patients have one. */
export async function soleOf(call: CommandCall, pseudonym: Pseudonym | undefined): Promise<Pseudonym> {
  if (pseudonym !== undefined) return pseudonym;
  if (call.actor.profile.kind !== 'patient') throw lacking('--pseudonym <id>');
  return only(await (await openOwnWallet(call)).relationships());
}

/** The key of a relationship: for staff the own hospital, for a patient the hospital the pseudonym is for. */
export async function relationshipKeyOf(
  call: CommandCall,
  input: { readonly pseudonym?: Pseudonym | undefined; readonly mspId?: MspId | undefined },
): Promise<{ pseudonym: Pseudonym; mspId: MspId }> {
  const pseudonym = await soleOf(call, input.pseudonym);
  if (input.mspId !== undefined) return { pseudonym, mspId: input.mspId };
  const { profile } = call.actor;
  if (profile.kind !== 'patient') return { pseudonym, mspId: mspIdSchema.parse(profile.mspId) };
  const held = await (await openOwnWallet(call)).relationships();
  const found = held.find((relationship) => relationship.pseudonym === pseudonym);
  if (found === undefined) throw lacking('--msp-id <id>');
  return { pseudonym, mspId: found.mspId };
}
