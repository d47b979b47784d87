import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordIdSchema, TICKET_LIFETIME_MS, type TicketId, ticketIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type LoadedProfile } from '../profiles/profile-file';
import { forgetExpiredTicketKeys, forgetWhenRead } from './ticket-end';
import { createTicketKey, loadTicketKey } from './ticket-key';

const ticketId = ticketIdSchema.parse('ticket-1');
const recordIds = ['r1', 'r2'].map((id) => recordIdSchema.parse(id));
let actor: LoadedProfile;
let folder: string;
beforeEach(async () => {
  const dataDirectory = scratchDirectory();
  // of a profile, only where its own things lie
  actor = { dataDirectory } as LoadedProfile;
  folder = join(dataDirectory, 'tickets');
  await createTicketKey(actor, ticketId);
});
const isThere = (id: TicketId = ticketId): boolean => existsSync(join(folder, `${id}.pem`));
const made = (agoMillis: number): void => {
  const at = new Date(Date.now() - agoMillis);
  utimesSync(join(folder, `${ticketId}.pem`), at, at);
};

describe('the key of a ticket', () => {
  it('is forgotten when its only record was read', async () => {
    await forgetWhenRead(actor, { ticketId, recordIds: recordIds.slice(0, 1) }, 'r1');
    expect(readdirSync(folder)).toEqual([]);
    await expect(loadTicketKey(actor, ticketId)).rejects.toMatchObject({ code: 'TICKET_KEY_MISSING' });
  });

  it.each([
    ['in order', ['r1', 'r2']],
    ['in another order', ['r2', 'r1']],
    ['one of them twice', ['r1', 'r1', 'r2']],
  ])('is forgotten when the last of its records was read, not before: %s', async (_what, reads) => {
    for (const [index, read] of reads.entries()) {
      expect(isThere()).toBe(true);
      await forgetWhenRead(actor, { ticketId, recordIds }, read);
      expect(isThere()).toBe(index < reads.length - 1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays when a record of another ticket was read', async () => {
    const other = ticketIdSchema.parse('ticket-2');
    await createTicketKey(actor, other);
    await forgetWhenRead(actor, { ticketId: other, recordIds: recordIds.slice(0, 1) }, 'r1');
    expect([isThere(), isThere(other)]).toEqual([true, false]);
  });

  it.each([
    [0, true],
    [TICKET_LIFETIME_MS, true],
    [TICKET_LIFETIME_MS + 230_000, true],
    [TICKET_LIFETIME_MS + 240_000, false],
    [86_400_000, false],
  ])('made %d ms ago is kept: %s', (ago, isKept) => {
    made(ago);
    forgetExpiredTicketKeys(actor, new Date());
    expect(isThere()).toBe(isKept);
  });

  it('takes what was noted of its records with it, and nothing that is no key', async () => {
    await forgetWhenRead(actor, { ticketId, recordIds }, 'r1');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    made(86_400_000);
    forgetExpiredTicketKeys(actor, new Date());
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });
});
