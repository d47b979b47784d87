import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pseudonymSchema, ticketIdSchema } from '@lianyi/domain';
import { type LoadedProfile } from './profiles/profile-file';
import { createTicketKey } from './ticket-key-file';

const fresh = ticketIdSchema.parse('fresh');

describe('the key of a ticket', () => {
  let actor: LoadedProfile;
  const fileOf = (end: string): string => join(actor.dataDirectory, 'tickets', `fresh.${end}`);

  beforeEach(() => {
    actor = { dataDirectory: mkdtempSync(join(tmpdir(), 'ticket-key-')) } as LoadedProfile; // all that is asked of it
  });
  afterEach(() => {
    rmSync(actor.dataDirectory, { recursive: true });
  });

  it('is its owner’s alone', async () => {
    await createTicketKey(actor, fresh, pseudonymSchema.parse('psn-1'));
    for (const end of ['pem', 'json']) expect(statSync(fileOf(end)).mode & 0o777).toBe(0o600);
  });
});
