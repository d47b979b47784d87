import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ticketIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type BrokenGlass, forgetOldGlass, keepGlass, keptGlass, ticketFolder } from './index';

const ticketId = ticketIdSchema.parse('ticket-1');
const day = 86_400_000;

describe('what a broken glass was asked with', () => {
  it.each([
    [0, true],
    [4 * day - 60_000, true],
    [4 * day + 60_000, false],
  ])('and not told for %d ms is kept: %s', async (ago, isKept) => {
    const actor = { dataDirectory: scratchDirectory() };
    // what is in it is read elsewhere
    await keepGlass(actor, { request: { ticketId } } as unknown as BrokenGlass);
    const file = join(ticketFolder(actor), 'ticket-1.glass');
    writeFileSync(join(ticketFolder(actor), 'notes.txt'), 'mine');
    const at = new Date(Date.now() - ago);
    for (const name of [file, join(ticketFolder(actor), 'notes.txt')]) utimesSync(name, at, at);
    forgetOldGlass(actor, new Date());
    expect([existsSync(file), existsSync(join(ticketFolder(actor), 'notes.txt'))]).toEqual([isKept, true]);
  });

  it('is nobody’s whom nobody has asked', async () => {
    await expect(keptGlass({ dataDirectory: scratchDirectory() }, ticketId)).rejects.toMatchObject({ code: 'TICKET_KEY_MISSING' });
  });
});
