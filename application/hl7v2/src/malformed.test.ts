import { connect } from 'node:net';
import { MllpSender } from '@lianyi/test/support/mllp-sender';
import { gb18030, MemoryHospital, message, startBefore, utf8 } from './hl7.fixture';

/** `npm run fuzz:hl7` sends as many as it says; here a sample. */
const FRAMES = Number(process.env['LIANYI_HL7_FRAMES'] ?? '2000');
const SEED = Number(process.env['LIANYI_SEED'] ?? '20261130');

/** A generator of numbers that a seed repeats (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A real message with something done to its bytes, in a frame or in what should have been one. */
function malformed(random: (below: number) => number, at: number): Buffer {
  const kinds = ['ORU^R01', 'MDM^T02', 'ADT^A01', 'ADT^A40', 'XXX^Y00'];
  const text = message({
    id: `f${at}`,
    kind: kinds[random(kinds.length)] ?? '',
    modes: ['|', 'AL|AL', 'NE|NE'][random(3)] ?? '|',
    charset: ['UNICODE UTF-8', 'GB 18030-2000', '', 'BIG-5'][random(4)] ?? '',
  });
  let bytes = Buffer.from(random(2) === 0 ? utf8(text) : gb18030(text));
  for (let changes = random(4); changes > 0; changes -= 1) {
    const place = random(bytes.length);
    const what = random(5);
    if (what === 0) bytes[place] = random(256);
    else if (what === 1) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + random(20))]);
    else if (what === 2)
      bytes = Buffer.concat([
        bytes.subarray(0, place),
        Buffer.from([[0x0b, 0x1c, 0x0d, 0x0a, 0x7c, 0x5c][random(6)] ?? 0]),
        bytes.subarray(place),
      ]);
    else if (what === 3) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(random(place + 1))]);
    else bytes = bytes.subarray(0, place + 1);
  }
  const start = [[0x0b], [0x0b], [0x0b], [0x0b, 0x0b], []][random(5)] ?? [];
  const end = [[0x1c, 0x0d], [0x1c, 0x0d], [0x1c], [0x1c, 0x0d, 0x0d, 0x0a], []][random(5)] ?? [];
  return Buffer.concat([Buffer.from(start), bytes, Buffer.from(end)]);
}

describe('an interface for HL7 v2', () => {
  it(
    `is well after ${FRAMES} malformed frames, and has published nothing twice`,
    async () => {
      const hospital = new MemoryHospital();
      const faults: unknown[] = [];
      const running = await startBefore(hospital, { maxMessageBytes: 4_096 }, faults);
      const random = randomOf(SEED);
      for (let sent = 0; sent < FRAMES;) {
        const socket = connect(running.port, '127.0.0.1').on('error', () => undefined);
        socket.resume();
        for (let more = 1 + random(100); more > 0 && sent < FRAMES; more -= 1, sent += 1) {
          const bytes = malformed(random, sent);
          const cut = random(bytes.length + 1);
          socket.write(bytes.subarray(0, cut));
          socket.write(bytes.subarray(cut));
        }
        const { promise, resolve } = Promise.withResolvers<undefined>();
        socket
          .once('close', () => {
            resolve(undefined);
          })
          .end();
        await promise;
      }
      const sender = await MllpSender.to(running.port);
      sender.send(utf8(message({ id: 'last' })));
      expect(await sender.heard(1)).toEqual(['AA last']);
      sender.close();
      await running.stop();
      expect(faults).toEqual([]);
      const published = [...hospital.published.values()].map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
      expect(new Set(published).size).toBe(published.length);
      expect(published.length).toBeGreaterThan(1);
    },
    60_000 + 10 * FRAMES,
  );
});
