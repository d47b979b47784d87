import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pseudonymSchema, recordIdSchema, ticketIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type LoadedProfile } from './profiles/profile-file';
import { createTicketKey, loadTicketKey, noteRead } from './ticket-key-file';

const fresh = ticketIdSchema.parse('fresh');
const pseudonym = pseudonymSchema.parse('psn-1');
const record = (id: string): ReturnType<typeof recordIdSchema.parse> => recordIdSchema.parse(id);

describe('the key of a ticket', () => {
  let actor: LoadedProfile;
  const fileOf = (end: string): string => join(actor.dataDirectory, 'tickets', `fresh.${end}`);
  const files = (): readonly string[] => readdirSync(join(actor.dataDirectory, 'tickets'));
  const asked = (...records: readonly string[]): Promise<unknown> =>
    createTicketKey(actor, fresh, { pseudonym, unread: records.map(record) });

  beforeEach(() => {
    actor = { dataDirectory: scratchDirectory() } as LoadedProfile; // all that is asked of it
  });

  it('is its owner’s alone, also after a record was read', async () => {
    await asked('rec-1', 'rec-2');
    await noteRead(actor, fresh, record('rec-1'));
    expect(files()).toHaveLength(2);
    for (const end of ['pem', 'json']) expect(statSync(fileOf(end)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['the only record', ['rec-1'], ['rec-1']],
    ['each of two', ['rec-1', 'rec-2'], ['rec-2', 'rec-1']],
    ['each of three, one of them twice before', ['rec-1', 'rec-2', 'rec-3'], ['rec-1', 'rec-1', 'rec-3', 'rec-2']],
  ])('is forgotten when %s was read, and not before', async (_what, records, read) => {
    await asked(...records);
    for (const id of read) {
      await expect(loadTicketKey(actor, fresh)).resolves.toMatchObject({ pseudonym });
      await noteRead(actor, fresh, record(id));
    }
    expect(files()).toEqual([]);
    await expect(loadTicketKey(actor, fresh)).rejects.toMatchObject({ code: 'TICKET_KEY_MISSING' });
  });

  it('may be forgotten by another program meanwhile', async () => {
    await asked('rec-1');
    await noteRead(actor, fresh, record('rec-1'));
    await expect(noteRead(actor, fresh, record('rec-1'))).resolves.toBeUndefined();
  });

  it('stays while another record than those asked for is said to be read', async () => {
    await asked('rec-1');
    await noteRead(actor, fresh, record('rec-9'));
    await expect(loadTicketKey(actor, fresh)).resolves.toMatchObject({ pseudonym });
  });
});
