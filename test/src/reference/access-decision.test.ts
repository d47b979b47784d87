import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { denyReasonCodes } from '@lianyi/domain';
import { describeUnless } from '../describe-unless';
import { compare, REFERENCE } from './compare';

const QUESTIONS = 200_000;
/** One reason is of a patient's own reading, which asks no policy (ADR 0055). */
const ofTheRule = denyReasonCodes.filter((reason) => reason !== 'RECORD_NOT_OWN');
const hasPython = spawnSync('python3', ['--version']).status === 0;

describeUnless(hasPython ? undefined : 'there is no python3', 'the rule of access and its second implementation', () => {
  it(`decide ${QUESTIONS.toLocaleString('en')} random questions alike, with the same reasons, provisions, ends and uses`, async () => {
    const { permits, limitedPermits, countedPermits, boundPermits, several, denials, reasons, differences } = await compare(QUESTIONS, 1);
    expect(differences.slice(0, 3)).toEqual([]);
    expect(permits + denials).toBeGreaterThanOrEqual(QUESTIONS + several);
    expect(several).toBeGreaterThan(QUESTIONS / 20);
    expect(countedPermits).toBeGreaterThan(QUESTIONS / 100);
    expect(boundPermits).toBeGreaterThan(QUESTIONS / 100);
    // the questions are such that everything that can be decided is decided
    expect(permits).toBeGreaterThan(QUESTIONS / 10);
    expect(permits - limitedPermits).toBeGreaterThan(QUESTIONS / 200);
    for (const reason of ofTheRule) expect([reason, (reasons.get(reason) ?? 0) > QUESTIONS / 1_000]).toEqual([reason, true]);
  });

  it('is what the page says, case by case', () => {
    const { status, stderr } = spawnSync('python3', ['-m', 'unittest', 'discover', '-s', dirname(REFERENCE)], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/Ran \d{2,} tests/)]);
  });

  it('refuses what is no question, and names the line', () => {
    const { status, stderr } = spawnSync('python3', [REFERENCE], { input: '{"question":{}}\n', encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/line 1/)]);
  });
});
