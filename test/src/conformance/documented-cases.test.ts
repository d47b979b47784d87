import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { conformanceCases } from './cases/all';
import { Observations } from './observations';

const page = readFileSync(resolve(__dirname, '../../../docs/embedded-network.md'), 'utf8');
/** Behaviours of Fabric this project set out to have, numbered. */
const ROWS = 54;
const ids = conformanceCases.map(({ id }) => id);

/** Cells of the lines of a section's table, without its head. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const idsIn = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id);

describe('the page about the embedded network', () => {
  const rows = tableOf("Fabric's behaviours");

  it('has a line for every behaviour, in order', () => {
    const numbers = rows.map(([number]) => number).filter((number) => /^\d+$/.test(number ?? ''));
    expect(numbers).toEqual(Array.from({ length: ROWS }, (_, index) => String(index + 1)));
  });

  it('names at least one case for every behaviour, and only cases that there are', () => {
    expect(rows.filter(([, , cases]) => idsIn(cases).length === 0)).toEqual([]);
    expect(rows.flatMap(([, , cases]) => idsIn(cases)).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('names every case', () => {
    const named = new Set(rows.flatMap(([, , cases]) => idsIn(cases)));
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  it('gives an answer and a reason for everything that is not done', () => {
    const missing = tableOf('What has no case');
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.filter((cells) => cells.length !== 3 || cells.some((cell) => cell === ''))).toEqual([]);
  });
});

describe('the record of what real Fabric answered', () => {
  const observations = new Observations('3.1', 'raft');

  it('has one answer for every case and no other', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect([...observations.ids()].sort()).toEqual([...ids].sort());
  });

  it('has at least 90 of them', () => {
    expect(ids.length).toBeGreaterThanOrEqual(90);
  });

  it.each([
    ['3.1', 'bft'],
    ['2.5', 'raft'],
  ] as const)('names of Fabric %s with %s only what it answers otherwise', (line, ordering) => {
    const other = new Observations(line, ordering);
    expect(other.differences.length).toBeGreaterThan(0);
    expect(other.differences.filter((id) => !ids.includes(id))).toEqual([]);
    expect(other.differences.filter((id) => other.isNoDifference(id))).toEqual([]);
  });
});
