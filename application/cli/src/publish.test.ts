import { DomainError, idNonceSchema, mspIdSchema, OutcomeUnknown, pseudonymSchema, recordIdOf, Refused } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { problemJson, problemOf, renderProblem } from './problem';
import { RepeatableFailure } from './repeatable-failure';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

describe('publishing a record', () => {
  const nonce = 'AAECAwQFBgcICQoLDA0ODw';
  const publish = (...argv: readonly string[]): Promise<Run> => publishOf('{}', ...argv);
  const publishOf = (stdin: string, ...argv: readonly string[]): Promise<Run> =>
    run(['record', 'publish', '--pseudonym', 'psn-1', ...argv, '--as', 'clinician', '--data-dir', hospital.dataDir, '--', '-'], {
      stdin,
    });
  const inputOf = ({ stdout }: Run): { recordId: string; nonce: string } =>
    (JSON.parse(stdout) as { input: { recordId: string; nonce: string } }).input;

  it('derives the record’s id from the own hospital, the patient and the nonce', async () => {
    const owner = { mspId: mspIdSchema.parse('HospitalBMSP'), pseudonym: pseudonymSchema.parse('psn-1') };
    const input = inputOf(await publish('--nonce', nonce, '--dry-run'));
    expect(input).toMatchObject({ nonce, recordId: recordIdOf({ ...owner, nonce: idNonceSchema.parse(nonce) }) });
    const fresh = inputOf(await publish('--dry-run'));
    expect(fresh.recordId).toBe(recordIdOf({ ...owner, nonce: idNonceSchema.parse(fresh.nonce) }));
    expect(fresh.nonce).not.toBe(inputOf(await publish('--dry-run')).nonce);
  });

  it('says of the care what is named, and nothing unasked', async () => {
    const careOf = (answered: Run): unknown => (JSON.parse(answered.stdout) as { input: { care?: unknown } }).input.care;
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, effectiveDateTime: '2025-03-30' };
    const document = JSON.stringify(observation);
    expect(careOf(await publishOf(document, '--dry-run'))).toBeUndefined();
    const march = { careMonths: { first: '2025-03', last: '2025-03' } };
    expect(careOf(await publishOf(document, '--care-months', 'document', '--dry-run'))).toEqual(march);
    expect(careOf(await publishOf(document, '--care-months', '2025-03', '--encounter', 'e-1', '--dry-run'))).toEqual({
      ...march,
      encounter: 'e-1',
    });
    const minted = careOf(await publishOf(document, '--encounter', 'new', '--dry-run'));
    expect(JSON.stringify(minted)).toMatch(/^{"encounter":"[A-Za-z0-9_-]{16,}"}$/);
    expect(minted).not.toEqual(careOf(await publishOf(document, '--encounter', 'new', '--dry-run')));
    const undated = JSON.stringify({ ...observation, effectiveDateTime: undefined });
    expect((await publishOf(undated, '--care-months', 'document')).code).toBe(2);
  });

  it('says of a document that is no FHIR what is named', async () => {
    const describedOf = (answered: Run): unknown => (JSON.parse(answered.stdout) as { input: { described?: unknown } }).input.described;
    const pdf = ['--format', 'pdf', '--class', 'clinical-document'];
    expect(describedOf(await publish('--dry-run'))).toBeUndefined();
    expect(describedOf(await publish(...pdf, '--dry-run'))).toEqual({ format: 'pdf', class: 'clinical-document' });
    expect(describedOf(await publish(...pdf, '--confidentiality', 'V', '--dry-run'))).toMatchObject({ confidentiality: 'V' });
    for (const wrong of [
      ['--format', 'pdf'],
      ['--class', 'history'],
      ['--confidentiality', 'R'],
      ['--format', 'html', '--class', 'history'],
    ])
      expect(await publish(...wrong, '--dry-run')).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    ['an id that somebody chose', '--record-id', 'lab-2026-17'],
    ['a nonce that is too short', '--nonce', 'AAECAw'],
    ['a nonce in another spelling', '--nonce', `${nonce}==`],
    ['a nonce with bits left over', '--nonce', `${nonce.slice(0, -1)}x`],
    ['a record’s id for a nonce', '--nonce', `r${'A'.repeat(43)}`],
  ])('answers 2 and sends nothing for %s', async (_what, option, value) => {
    expect((await publish(option, value)).code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });
});

describe('a publication that failed', () => {
  it.each([
    ['a refusal', new Refused('ILLEGAL_STATE', 'suspended', {}), 3],
    ['an unknown outcome', new OutcomeUnknown('cd34'), 5],
    ['an answer that is not what was asked for', new DomainError('ANSWER_DIFFERS', undefined, { field: 'input.class' }), undefined],
  ])('by %s is told as it is, with the nonce that goes on with it', (_what, cause, code) => {
    const problem = problemOf(new RepeatableFailure(cause, '--nonce AAECAwQFBgcICQoLDA0ODw'));
    expect(problem).toEqual({ ...problemOf(cause), repeatWith: '--nonce AAECAwQFBgcICQoLDA0ODw' });
    if (code !== undefined) expect(problem.exitCode).toBe(code);
    expect(renderProblem(problem, 'en', 80)).toContain('  to repeat it: --nonce AAECAwQFBgcICQoLDA0ODw\n');
    expect(renderProblem(problem, 'zh', 80)).toContain('  重试时加：--nonce AAECAwQFBgcICQoLDA0ODw\n');
    expect(JSON.parse(problemJson(problem, 'en'))).toMatchObject({ error: { repeatWith: '--nonce AAECAwQFBgcICQoLDA0ODw' } });
  });

  it('that is no publication names nothing to repeat it with', () => {
    expect(problemJson(problemOf(new OutcomeUnknown('cd34')), 'en')).not.toContain('repeatWith');
  });
});
