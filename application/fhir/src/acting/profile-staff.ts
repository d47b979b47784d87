import { memberOperations } from '@lianyi/client';
import { connectWitness, loadProfile, networkOf, openStaff, type StaffProfile } from '@lianyi/client/node';
import { actorTagSchema, departmentSchema, DomainError, mspIdSchema } from '@lianyi/domain';
import { type ActingStaff } from './ports';

/** A staff entry that was opened by its profile, with its connections. */
export interface OpenedStaff {
  readonly staff: ActingStaff;
  close(): void;
}

/**
 * Opens the staff entry that an application acts as: its own member node carries what it signs, and another member's says what the ledger has.
 *
 * @throws DomainError `KEY_FILE_UNUSABLE`, `CERTIFICATE_UNUSABLE`, `INVALID_REQUEST` — the profile is none of staff
 */
export async function openProfileStaff(file: string): Promise<OpenedStaff> {
  const { profile } = loadProfile(file);
  if (profile.kind !== 'staff') throw new DomainError('INVALID_REQUEST', 'an application acts as staff', { path: 'profile' });
  const session = await openStaff(profile);
  const witness = await connectWitness(profile);
  const { node, sign, ledger } = session;
  const network = networkOf(profile);
  const staff: ActingStaff = {
    ...identityOf(profile),
    ledger,
    publisher: {
      publish: async (publication) => {
        const document = { network, ...publication };
        const { result } = await node.publishRecord(document, await node.prepareRecord(document, sign), sign);
        return result;
      },
    },
    reader: {
      read: async (ticket, recordId) => {
        // without another member's word the own node could hand over what it likes
        if (witness === undefined) throw new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle: 'none-named' });
        const asked = { ...ticket, recordId, network, mspId: mspIdSchema.parse(profile.mspId), witness };
        const { bytes, record, disagreement } = await node.readDocument(asked, sign);
        return { bytes, format: record.format, disagreement };
      },
    },
    node: {
      linkIdOf: (identifier) => node.linkIdOf(identifier, sign),
      introduced: async (pseudonym) => (await node.askSigned(memberOperations.ListIntroduced, { pseudonym }, sign)).introduced,
    },
  };
  return {
    staff,
    close: () => {
      session.close();
      witness?.close();
    },
  };
}

function identityOf({ mspId, actorTag, department }: StaffProfile): Pick<ActingStaff, 'mspId' | 'actorTag' | 'department'> {
  return {
    mspId: mspIdSchema.parse(mspId),
    actorTag: actorTagSchema.parse(actorTag),
    department: department === undefined ? undefined : departmentSchema.parse(department),
  };
}
