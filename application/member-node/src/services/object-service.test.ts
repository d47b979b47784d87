import { DomainError, mspIdSchema, sha256, ticketIdSchema } from '@lianyi/domain';
import { type TicketStanding } from '../ledger-reader';
import { ObjectService, type ObjectServices } from './object-service';
import { StandingTickets } from './standing-tickets';

const object = sha256('sealed');
const b = mspIdSchema.parse('HospitalBMSP');
const ticketId = ticketIdSchema.parse('ticket-1');
const PIECES = ['one', 'two', 'three'];

/**
 * A vault's service before a chain that grows while the object is read.
 * @param blocks so many in all, one with each piece
 * @param pause so many milliseconds pass each time that the time is asked
 */
function serviceOn(
  blocks: number,
  standingAt: (height: bigint) => Partial<TicketStanding>,
  pause = 0,
  more: readonly string[] = [],
): { service: ObjectService; asked: () => number } {
  let height = 1n;
  let asked = 0;
  let clock = Date.UTC(2026, 0, 1);
  const ticket = {
    decision: 'permit',
    state: 'open',
    expiresAt: '9999-01-01T00:00:00.000Z',
    actor: { mspId: b },
    recordIds: [...more, 'record-1'],
    recordVersions: [...more.map(() => 1), 1],
  };
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (const [index, piece] of PIECES.entries()) {
      if (index > 0 && index <= blocks) height++;
      yield await Promise.resolve(Buffer.from(piece));
    }
  };
  const reader = {
    ticketStanding: () => {
      asked++;
      return Promise.resolve({ ticket, changedRecordIds: [], ...standingAt(height) } as unknown as TicketStanding); // what is looked at in it
    },
    recordVersion: (_pseudonym: string, recordId: string) =>
      recordId === 'record-1'
        ? Promise.resolve({ recordId, cipherSha256: object })
        : Promise.reject(new DomainError('NOT_FOUND', undefined, { recordId })),
  };
  const index = { waitFor: <Found>(look: () => Promise<Found>) => look(), height: () => Promise.resolve(height) };
  const services = {
    reader,
    standing: new StandingTickets({ reader, index, now: () => (clock += pause) }),
    deposited: { open: () => Promise.resolve({ sha256: object, sizeBytes: 11, bytes: pieces(), close: () => Promise.resolve() }) },
  };
  return { service: new ObjectService(services as unknown as ObjectServices), asked: () => asked }; // what reading uses of them
}

async function readOf(service: ObjectService): Promise<{ pieces: string[]; refused: unknown }> {
  const pieces: string[] = [];
  try {
    for await (const piece of (await service.read(object, ticketId, b)).bytes) pieces.push(piece.toString());
    return { pieces, refused: undefined };
  } catch (error) {
    return { pieces, refused: (error as { details?: object }).details };
  }
}

describe('an object that is being read', () => {
  it('is read to its end while nothing is revoked; the ledger is asked once, and after each block', async () => {
    const quiet = serviceOn(0, () => ({}));
    expect(await readOf(quiet.service)).toEqual({ pieces: PIECES, refused: undefined });
    expect(quiet.asked()).toBe(1);
    const busy = serviceOn(2, () => ({}));
    expect(await readOf(busy.service)).toEqual({ pieces: PIECES, refused: undefined });
    expect(busy.asked()).toBe(3);
  });

  it.each<readonly [string, Partial<TicketStanding>]>([
    ['consent-changed', { obstacle: 'consent-changed' }],
    ['closed', { obstacle: 'closed' }],
    ['asker-revoked', { obstacle: 'asker-revoked' }],
    ['record-changed', { changedRecordIds: ['record-1'] as never }],
  ])('ends with the block that says %s', async (obstacle, standing) => {
    const { service } = serviceOn(2, (height) => (height < 3n ? {} : standing));
    expect(await readOf(service)).toEqual({ pieces: ['one', 'two'], refused: { ticketId, obstacle } });
  });

  it('is asked about every few seconds where the index has stopped following', async () => {
    const stopped = serviceOn(0, () => ({}), 3_000);
    expect(await readOf(stopped.service)).toEqual({ pieces: PIECES, refused: undefined });
    expect(stopped.asked()).toBeGreaterThan(1);
    let asked = 0;
    const revoked = serviceOn(0, () => (++asked > 1 ? { obstacle: 'consent-changed' } : {}), 6_000);
    expect(await readOf(revoked.service)).toEqual({ pieces: [], refused: { ticketId, obstacle: 'consent-changed' } });
  });

  it.each([
    ['a pointer', `q${'A'.repeat(43)}`, 'NOT_PERMITTED'],
    ['a record that this peer does not have', 'record-0', 'NOT_FOUND'],
  ])('is read beside %s under the same ticket', async (_what, other, code) => {
    const { service } = serviceOn(0, () => ({}), 0, [other]);
    expect(await readOf(service)).toEqual({ pieces: PIECES, refused: undefined });
    await expect(service.read(sha256('another'), ticketId, b)).rejects.toMatchObject({ code });
  });

  it('is not begun for a ticket that opens nothing any more', async () => {
    const { service } = serviceOn(0, () => ({ obstacle: 'consent-changed' }));
    expect(await readOf(service)).toEqual({ pieces: [], refused: { ticketId, obstacle: 'consent-changed' } });
  });
});
