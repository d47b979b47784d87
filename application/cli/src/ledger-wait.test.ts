import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { run } from './terminal.fixture';

const folder = scratchDirectory();
let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(folder);
});
afterAll(() => hospital.close());

const wait = (...args: readonly string[]): ReturnType<typeof run> =>
  run(['--data-dir', folder, '--as', 'clinician', 'ledger', 'wait', ...args]);
/** Heights as they are told one after another, the last one from then on. */
const growing = (...told: readonly Readonly<Record<string, number>>[]): (() => Readonly<Record<string, number>>) => {
  let asked = 0;
  return () => told[Math.min(asked++, told.length - 1)] ?? {};
};

describe('lianyi ledger wait', () => {
  it.each<readonly [string, readonly Readonly<Record<string, number>>[]]>([
    ['has it already', [{ BMSP: 9, AMSP: 9 }]],
    [
      'gets it',
      [
        { BMSP: 5, AMSP: 5 },
        { BMSP: 6, AMSP: 6 },
      ],
    ],
    [
      'has its own first, and then its witness’s',
      [
        { BMSP: 6, AMSP: 4 },
        { BMSP: 6, AMSP: 6 },
      ],
    ],
    ['has just begun', [{}, { BMSP: 6 }]],
  ])('ends when the node %s', async (_what, told) => {
    hospital.heights = growing(...told);
    const { code, stdout } = await wait('--block', '5', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ block: 5, blocks: told.at(-1) });
  });

  it.each<readonly [string, Readonly<Record<string, number>>, string]>([
    ['is one short', { BMSP: 5 }, 'BMSP: 5'],
    ['has it by its own peer only', { BMSP: 6, AMSP: 5 }, 'AMSP: 5'],
    ['follows nobody yet', {}, 'none'],
  ])('gives up with what there is where the node %s', async (_what, blocks, detail) => {
    hospital.heights = () => blocks;
    const { code, stdout, stderr } = await wait('--block', '5', '--timeout', '0', '--json');
    expect({ code, stdout, problem: JSON.parse(stderr) as unknown }).toMatchObject({
      code: 1,
      stdout: '',
      problem: { error: { code: 'NOT_IN_TIME', detail: expect.stringContaining(detail) as string } },
    });
  });

  it('says in Chinese what did not come', async () => {
    hospital.heights = () => ({ BMSP: 5 });
    const { code, stderr } = await wait('--block', '5', '--timeout', '0', '--lang', 'zh');
    expect(code).toBe(1);
    expect(stderr).toMatch(/所等待的内容没有及时出现.*的区块：BMSP: 5/s);
  });

  it.each([
    ['--block=-1'],
    ['--block', 'x'],
    ['--block', '1.5'],
    [],
    ['--block', '1', '--timeout', '86401'],
    ['--block', '1', '--timeout', 'x'],
  ])('is given no number that is none: %s %s %s %s', async (...args) => {
    expect(await wait(...args)).toMatchObject({ code: 2, stdout: '' });
  });
});
