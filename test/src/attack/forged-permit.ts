import { newIdNonce, newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  actorTagSchema,
  addMilliseconds,
  instantOf,
  mspIdSchema,
  type PermittedTicket,
  permittedTicketSchema,
  sha256,
  ticketIdOf,
} from '@lianyi/domain';
import { type PatientCase } from '../scenario/patient-case';
import { type StaffMember } from '../scenario/scenario';

/** A permit that nobody has asked for and that rests on what holds where the patient says nothing, with the key that opens by it. */
export function defaultPermitFor(
  who: StaffMember,
  known: PatientCase,
  recordId: string,
): { readonly ticket: PermittedTicket; readonly ephemeralKey: ReturnType<typeof newPrivateKey> } {
  const mspId = mspIdSchema.parse(who.hospital.member.mspId);
  const actorTag = actorTagSchema.parse(who.actorTag);
  const ephemeralKey = newPrivateKey();
  const now = instantOf(Date.now());
  const ticket = permittedTicketSchema.parse({
    ...{ schemaVersion: 1, ticketId: ticketIdOf({ mspId, actorTag, nonce: newIdNonce() }), pseudonym: known.pseudonym },
    ...{ recordIds: [recordId], purpose: 'TREAT', ephemeralPublicKey: publicKeyOf(ephemeralKey), requestedAt: now, decision: 'permit' },
    actor: { mspId, actorTag, roles: ['clinician'], department: who.department },
    origin: { requestHash: sha256('whatever'), actor: { kind: 'staff', mspId, actorTag } },
    ...{ custodianMspId: known.custodian, recordVersions: [1], provisionIds: ['default'], grantVersions: [] },
    ...{ expiresAt: addMilliseconds(now, 600_000), state: 'open' },
  });
  return { ticket, ephemeralKey };
}
