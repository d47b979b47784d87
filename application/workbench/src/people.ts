import { z } from 'zod';
import { newId } from '@lianyi/client';
import { flags, type Hospital, tlsCaFile, type WorkbenchContext } from './hospital';

const keySchema = z.object({ publicKeyHash: z.string() });
const anything = z.unknown();

/**
 * A staff member as the story knows them: the profile's name is a role, never a person's name. Whom an hrAdmin registers, `confirmedBy`
 * confirms.
 */
export type StaffRole = {
  readonly profile: string;
  readonly roles: string;
  readonly department?: string;
  readonly confirmedBy?: string;
};

function networkFlags(context: WorkbenchContext, hospital: Hospital): Record<string, string> {
  const { channel, chaincode } = context.network;
  return {
    'msp-id': hospital.member.mspId,
    channel,
    chaincode,
    genesis: hospital.node.ready.genesis,
    'node-url': hospital.node.ready.url,
    'tls-ca-file': tlsCaFile(context, hospital.member),
  };
}

/** Another hospital's node, which says what the ledger has; none while this hospital is the only one. */
function witnessFlags(context: WorkbenchContext, hospital: Hospital): Record<string, string> {
  const [witness] = [...context.running.values()].filter(({ member }) => member.mspId !== hospital.member.mspId);
  if (witness === undefined) return {};
  return { 'witness-url': witness.node.ready.url, 'witness-tls-ca-file': tlsCaFile(context, witness.member) };
}

/** Makes a key, has it registered by `registeredBy`, and writes the profile with which this person acts. */
export async function addStaff(
  context: WorkbenchContext,
  hospital: Hospital,
  registeredBy: string,
  staff: StaffRole,
): Promise<{ readonly actorTag: string }> {
  const keyFile = context.data.key(staff.profile);
  const { publicKeyHash } = await context.commands.must(undefined, ['staff', 'key', '--out', keyFile], keySchema);
  const actorTag = newId();
  const department = staff.department === undefined ? {} : { departments: staff.department };
  const entry = { 'actor-tag': actorTag, roles: staff.roles, 'public-key-hash': publicKeyHash, ...department };
  await context.commands.must(registeredBy, ['staff', 'add', ...flags(entry)], anything);
  if (staff.confirmedBy !== undefined) {
    const said = { roles: staff.roles, 'public-key-hash': publicKeyHash, ...department };
    await context.commands.must(staff.confirmedBy, ['staff', 'confirm', ...flags(said), '--', actorTag], anything);
  }
  const profile = {
    ...{ name: staff.profile, kind: 'staff', ...networkFlags(context, hospital), 'key-file': keyFile, 'actor-tag': actorTag },
    ...(staff.department === undefined ? {} : { department: staff.department }),
    ...witnessFlags(context, hospital),
  };
  await context.commands.must(undefined, ['profile', 'add', ...flags(profile)], anything);
  return { actorTag };
}

const pseudonymSchema = z.object({ pseudonym: z.string(), nonce: z.string(), nextKeyHash: z.string() });

/** A patient's wallet and profile; nothing about them is on the ledger yet. */
export async function addPatient(
  context: WorkbenchContext,
  hospital: Hospital,
  profile: string,
): Promise<{ readonly pseudonym: string; readonly nonce: string; readonly nextKeyHash: string }> {
  const options = { name: profile, kind: 'patient', ...networkFlags(context, hospital), 'wallet-file': context.data.wallet(profile) };
  await context.commands.must(undefined, ['profile', 'add', ...flags(options)], anything);
  await context.commands.must(profile, ['wallet', 'create'], anything);
  return context.commands.must(profile, ['wallet', 'pseudonym', '--hospital', hospital.member.mspId], pseudonymSchema);
}
