import { newPrivateKey, newSalt, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { encodeBase64url, type Narrative, type Output, saltSchema, transactions } from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { carry } from './carry';
import { newTicketId } from './owned-ids';
import { type StaffMember } from './scenario';

/** What came of breaking the glass, and what was told of it. */
export interface BrokenGlass {
  readonly ticketId: string;
  readonly ephemeralKey: PrivateKey;
  readonly told: Pick<Narrative, 'text' | 'salt'>;
  readonly result: Output<typeof transactions.BreakGlass>;
}

/**
 * Somebody opens a record of a patient whom they could not ask.
 * @param second - who has said before that they may
 */
export async function breakGlassAs(who: StaffMember, pseudonym: string, recordId: string, second?: StaffMember): Promise<BrokenGlass> {
  const ids = newTicketId(who);
  if (second !== undefined) {
    const said = { ...ids, pseudonym, recordIds: [recordId], asker: who.actorTag };
    await carry(second.client, transactions.CountersignEmergency, said, { sign: second.sign });
  }
  const { ticketId } = ids;
  const ephemeralKey = newPrivateKey();
  const told = { text: `found unconscious, ${ticketId}`, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  const input = {
    ...{ ...ids, pseudonym, recordIds: [recordId], department: who.department },
    ...{ reason: 'cannot-consent' as const, opening: { scope: 'full' as const, withoutDataset: 'none-prepared' as const } },
    ...(second === undefined ? {} : { second: second.actorTag }),
    ...{ ephemeralPublicKey: publicKeyOf(ephemeralKey), lastsMinutes: 60, narrativeCommitment: commitmentOf({ ticketId, ...told }) },
  };
  const { result } = await carry(who.client, transactions.BreakGlass, input, { sign: who.sign });
  return { ticketId, ephemeralKey, told, result };
}
