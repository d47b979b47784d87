import { existsSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ticketIdSchema } from '@lianyi/domain';
import { type LoadedProfile } from '../profiles/profile-file';
import { createTicketKey, loadTicketKey } from './ticket-key';

const [old, fresh, next] = ['old', 'fresh', 'next'].map((id) => ticketIdSchema.parse(id)) as [never, never, never]; // ids of the schema

describe('the key of a ticket', () => {
  let actor: LoadedProfile;
  const fileOf = (id: string): string => join(actor.dataDirectory, 'tickets', `${id}.pem`);
  const age = (id: string, minutes: number): void => {
    const at = Date.now() / 1_000 - minutes * 60;
    utimesSync(fileOf(id), at, at);
  };

  beforeEach(() => {
    actor = { dataDirectory: mkdtempSync(join(tmpdir(), 'ticket-key-')) } as LoadedProfile; // all that is asked of it
  });
  afterEach(() => {
    rmSync(actor.dataDirectory, { recursive: true });
  });

  it('is forgotten with its ticket, when the next one is made or read', async () => {
    await createTicketKey(actor, old);
    await createTicketKey(actor, fresh);
    age('old', 21);
    age('fresh', 19);
    await createTicketKey(actor, next);
    expect(['old', 'fresh', 'next'].map((id) => existsSync(fileOf(id)))).toEqual([false, true, true]);
    age('fresh', 21);
    await loadTicketKey(actor, next);
    expect(existsSync(fileOf('fresh'))).toBe(false);
  });
  it('is missing once its ticket has ended, also for who asked', async () => {
    await createTicketKey(actor, old);
    age('old', 21);
    await expect(loadTicketKey(actor, old)).rejects.toMatchObject({ code: 'TICKET_KEY_MISSING' });
  });
  it('is its owner’s alone', async () => {
    await createTicketKey(actor, fresh);
    expect(statSync(fileOf('fresh')).mode & 0o777).toBe(0o600);
  });
});
