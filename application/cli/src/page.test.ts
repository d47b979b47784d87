import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

const example = join(__dirname, '../../examples/laboratory-report-zh.json');
const CONCLUSION = '血脂明显升高，N末端B型利钠肽原轻度升高，肌钙蛋白未见升高。建议结合临床及影像检查，心内科随诊。';
const samples = join(__dirname, '../../display/src/samples');
let folder: string;
beforeEach(() => {
  folder = scratchDirectory();
});
const page = (...argv: readonly string[]): Promise<Run> => run(['record', 'page', ...argv]);

describe('lianyi record page', () => {
  it('lays a document out as HTML and as PDF, in files of their owner alone', async () => {
    const [html, pdf] = [join(folder, 'a.html'), join(folder, 'a.pdf')];
    const { code, stdout } = await page(example, '--html', html, '--pdf', pdf, '--lang', 'zh');
    expect(code).toBe(0);
    expect(stdout).toContain('生化检验报告单');
    expect(readFileSync(html, 'utf8')).toContain('<td>总胆固醇</td><td>6.42</td><td>mmol/L</td>');
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect([html, pdf].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('prints the conclusion, and nothing else of the document', async () => {
    expect((await page(example, '--conclusion')).stdout).toBe(`${CONCLUSION}\n`);
    expect(JSON.parse((await page(example, '--conclusion', '--json')).stdout)).toMatchObject({ conclusion: [CONCLUSION] });
  });

  it('says so if a document does not say what it comes to', async () => {
    const file = join(folder, 'weight.json');
    writeFileSync(
      file,
      '{"resourceType":"Observation","status":"final","code":{"text":"体重"},"valueQuantity":{"value":70.50,"unit":"kg"}}',
    );
    expect((await page(file, '--conclusion', '--lang', 'zh')).stdout).toBe('文档未载明结论。\n');
  });

  it.each<readonly [string, (folder: string) => readonly string[], RegExp]>([
    ['nothing is asked for', () => [example], /--html <file>, --pdf <file>, --conclusion/],
    ['both go into one file', (into) => [example, '--html', join(into, 'x'), '--pdf', join(into, 'x')], /--html, --pdf/],
    ['a conclusion would go into a file', (into) => [example, '--conclusion', '--html', join(into, 'x')], /--conclusion, --html, --pdf/],
    ['there is no such document', (into) => [join(into, 'none.json'), '--conclusion'], /FILE_UNREADABLE/],
    ['it is no FHIR', () => [__filename, '--conclusion'], /DOCUMENT_NOT_JSON/],
    ['a file is there already', () => [example, '--html', example], /FILE_EXISTS/],
  ])('writes nothing where %s', async (_where, argv, said) => {
    const { code, stderr } = await page(...argv(folder));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(said);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('lianyi record conclusion', () => {
  const conclude = (...argv: readonly string[]): Promise<Run> => run(['record', 'conclusion', ...argv]);

  it('makes a document that holds the conclusion, says that it is a part, and nothing of the results', async () => {
    const out = join(folder, 'conclusion.json');
    expect((await conclude(example, '--out', out)).code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain(CONCLUSION);
    expect(['总胆固醇', '6.42', 'valueQuantity', 'subject'].filter((each) => text.includes(each))).toEqual([]);
    const html = join(folder, 'conclusion.html');
    await page(out, '--html', html, '--lang', 'zh');
    expect(readFileSync(html, 'utf8')).toContain('本内容仅为文档的一部分');
  });

  it.each<readonly [string, (folder: string) => readonly string[], RegExp]>([
    ['no file is named for it', () => [example], /--out/],
    ['a file is there already', () => [example, '--out', example], /FILE_EXISTS/],
    ['it is no FHIR', (into) => [__filename, '--out', join(into, 'x')], /DOCUMENT_NOT_JSON/],
    ['the document has none', (into) => [join(samples, 'allergy-zh.json'), '--out', join(into, 'x')], /no report with a conclusion/],
  ])('writes nothing where %s', async (_where, argv, said) => {
    const { code, stderr } = await conclude(...argv(folder));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(said);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('lianyi record show, of a document', () => {
  let hospital: Hospital;
  beforeAll(async () => {
    hospital = await openHospital(scratchDirectory());
  });
  afterAll(() => hospital.close());
  const show = (...argv: readonly string[]): Promise<Run> => run(['record', 'show', 'rec-1', ...argv, '--data-dir', hospital.dataDir]);

  it.each<readonly [string, readonly string[], RegExp]>([
    ['staff name no ticket', ['--conclusion', '--as', 'clinician'], /--ticket <id>/],
    ['it would only be shown', ['--conclusion', '--ticket', 't-1', '--as', 'clinician', '--dry-run'], /--dry-run/],
    ['a patient names a ticket', ['--conclusion', '--ticket', 't-1', '--as', 'patient'], /--ticket/],
    ['an earlier version is meant', ['--conclusion', '--record-version', '1', '--as', 'patient'], /--record-version/],
    ['the file is there', ['--html', example, '--as', 'patient'], /FILE_EXISTS/],
    ['nobody is named', ['--conclusion'], /--as <profile>/],
  ])('asks for nothing where %s', async (_where, argv, said) => {
    hospital.carried.length = 0;
    const { code, stderr } = await show(...argv);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(said);
    expect(hospital.carried).toEqual([]);
  });
});
