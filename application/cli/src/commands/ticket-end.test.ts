import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pseudonymSchema, TICKET_LIFETIME_MS, ticketIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { createTicketKey, type LoadedProfile } from '@lianyi/client/node';
import { forgetExpiredTicketKeys } from './ticket-end';

const ticketId = ticketIdSchema.parse('ticket-1');
let actor: LoadedProfile;
let folder: string;
beforeEach(async () => {
  const dataDirectory = scratchDirectory();
  // of a profile, only where its own things lie
  actor = { dataDirectory } as LoadedProfile;
  folder = join(dataDirectory, 'tickets');
  await createTicketKey(actor, ticketId, { pseudonym: pseudonymSchema.parse('psn-1'), unread: [] });
});
const isThere = (): boolean => existsSync(join(folder, `${ticketId}.pem`));
const made = (agoMillis: number): void => {
  const at = new Date(Date.now() - agoMillis);
  utimesSync(join(folder, `${ticketId}.pem`), at, at);
};

describe('the key of a ticket', () => {
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

  it('is all that is forgotten', () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    made(86_400_000);
    forgetExpiredTicketKeys(actor, new Date());
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });
});
