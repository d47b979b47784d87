import { printResult } from './result';

function printed(result: object, json = false): readonly string[] {
  const lines: string[] = [];
  printResult(result, json, { out: (line) => lines.push(line), err: () => undefined });
  return lines;
}

describe("a verb's result", () => {
  it('is one line of JSON for programs', () => {
    expect(printed({ a: [1], b: { c: 'd' } }, true)).toEqual(['{"a":[1],"b":{"c":"d"}}']);
  });

  it('keeps its labels for people', () => {
    expect(printed({ organization: 'DMSP', update: { signed: ['AMSP', 'BMSP'], notAsked: [], sequence: 3 } })).toEqual([
      'organization: DMSP',
      'update: signed: AMSP, BMSP; notAsked: none; sequence: 3',
    ]);
    expect(printed({ chaincodes: [{ name: 'emr', version: '1.0' }], files: ['x', 'y'], empty: [] })).toEqual([
      'chaincodes:',
      '  name: emr; version: 1.0',
      'files: x, y',
      'empty: none',
    ]);
  });
});
