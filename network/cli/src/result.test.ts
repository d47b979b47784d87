import { printResult, type ResultForm } from './result';

function printed(result: object, { json = false, language = 'en', told = [] }: Partial<ResultForm> = {}): readonly string[] {
  const lines: string[] = [];
  printResult(result, { json, language, told }, { out: (line) => lines.push(line), err: () => undefined });
  return lines;
}

describe("a verb's result", () => {
  it('is one line of JSON for programs', () => {
    expect(printed({ a: [1], b: { c: 'd' } }, { json: true, told: ['a'] })).toEqual(['{"a":[1],"b":{"c":"d"}}']);
  });

  it('keeps its labels for people', () => {
    expect(printed({ organization: 'DMSP', update: { signed: ['AMSP', 'BMSP'], notAsked: [], sequence: 3 } })).toEqual([
      'organisation: DMSP',
      'configuration: signed by: AMSP, BMSP; not asked: none; sequence: 3',
    ]);
    expect(printed({ chaincodes: [{ name: 'emr', version: '1.0' }], files: ['x', 'y'], empty: [] })).toEqual([
      'chaincodes:',
      'NAME  VERSION',
      'emr   1.0',
      'files: x, y',
      'empty: none',
    ]);
  });

  it('is Chinese where that is read, in its labels and its words', () => {
    expect(printed({ organization: 'DMSP', result: 'left', peers: ['p', 'q'], signed: [] }, { language: 'zh' })).toEqual([
      '组织：DMSP',
      '结果：已退出',
      'peer 节点：p、q',
      '签名者：无',
    ]);
  });

  it('does not tell people again what the progress has told', () => {
    expect(printed({ result: 'joined', update: { sequence: 3 } }, { told: ['update'] })).toEqual(['result: joined']);
  });
});
