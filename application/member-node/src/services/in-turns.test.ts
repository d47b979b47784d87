import { inTurns } from './in-turns';

const PIECE = 512 * 1024;

describe('bytes in turns', () => {
  it.each([
    ['none', 0, 0],
    ['less than a piece', 10, 1],
    ['whole pieces', 2 * PIECE, 2],
    ['pieces and a rest', 3 * PIECE + 1, 4],
  ])('are the same bytes, and others have a turn between the pieces: %s', async (_what, length, pieces) => {
    const bytes = Buffer.alloc(length, 'abc');
    let turns = 0;
    let isOver = false;
    const others = (): void => {
      turns += 1;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    const found: Uint8Array[] = [];
    for await (const piece of inTurns(bytes)) found.push(piece);
    isOver = true;
    expect(Buffer.concat(found).equals(bytes)).toBe(true);
    expect(found).toHaveLength(pieces);
    expect(turns).toBeGreaterThanOrEqual(Math.max(0, pieces - 1));
  });
});
