import { refusalWords } from './call';

describe('what a gateway refuses with', () => {
  const [a, b] = ['chaincode response 500, there is no k', 'chaincode response 500, there is no l'];

  it.each([
    [`evaluate call to endorser returned error: ${a}`, [{ mspId: 'AMSP', message: a }], `AMSP: ${a}`],
    [
      'failed to endorse',
      [
        { mspId: 'AMSP', message: a },
        { mspId: 'BMSP', message: a },
      ],
      `failed to endorse; AMSP, BMSP: ${a}`,
    ],
    [
      'failed to endorse',
      [
        { mspId: 'AMSP', message: a },
        { mspId: 'BMSP', message: b },
      ],
      `failed to endorse; AMSP: ${a}; BMSP: ${b}`,
    ],
    [
      'failed to endorse',
      [
        { mspId: 'AMSP', message: a },
        { mspId: 'AMSP', message: a },
      ],
      `failed to endorse; AMSP: ${a}`,
    ],
    ['no peers available', [], 'no peers available'],
    ['no peers available', [{ mspId: 'AMSP', message: '' }], 'no peers available; AMSP: '],
  ])('%s: each thing is told once', (summary, endorsers, told) => {
    expect(refusalWords(summary, endorsers)).toBe(told);
  });
});
