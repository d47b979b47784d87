import { join } from 'node:path';
import { displayWidth } from '@lianyi/cli/wording';
import { auditText } from './audit-text';
import { details } from './details';
import { type StepResult, Report, type StoryLanguage, type StoryText } from './report';
import { chapters, titles } from './titles';

const ID = 'ZmFrZS1pZC1vZi0yMi1jaGFy';
const longest: StepResult = { outcome: 'permitted', detail: '', transactionId: 'f'.repeat(64), blockNumber: 12_345 };

/** As long as what is told gets. */
const told: Readonly<Record<keyof typeof details, StoryText>> = {
  staff: details.staff('registrar-a, lab-a, hr-b, nurse-b', 'cardiologist-b'),
  card: details.card(ID, 'HospitalAMSP'),
  version: details.version('department:HospitalBMSP:cardiology', 12),
  needs: details.needs('LABEL_NOT_COVERED', 'report-of-a-whole-week.json', { en: 'label R and level 5', zh: '标记 R 和级别 5' }),
  stored: details.stored('laboratory-report-zh.json', 'laboratory-report', ['HospitalAMSP', 'HospitalCMSP']),
  ticket: details.ticket({
    ticketId: ID,
    decision: 'permit',
    reasons: [],
    provisionIds: [ID, ID],
    expiresAt: '2026-01-01T08:00:00.000Z',
    transactionId: '',
    blockNumber: 1,
  }),
  opened: details.opened(33_554_432, 'HospitalCMSP'),
  picture: details.picture({
    ...{ file: join(process.cwd(), '.lianyi/demo/data/patient.svg'), records: 52, facts: 1_234, contradictions: 0 },
    ...{ leftOut: [], transactionIds: [] },
  }),
  audit: details.audit(120, 119),
  chain: details.chain({ hashChainHolds: true, ordererSignaturesHold: true, tipNumber: 12_344, blocks: 12_345, tipHash: 'f'.repeat(64) }),
};

async function printed(language: StoryLanguage, columns: number, tell: (report: Report) => Promise<void>): Promise<readonly string[]> {
  let text = '';
  const write = (piece: string): void => {
    text += piece;
  };
  await tell(new Report({ language, json: false, columns, write }));
  return text.split('\n');
}

describe.each(['en', 'zh'] as const)('the story in a terminal of 80 columns: %s', (language) => {
  const inTerminal = (tell: (report: Report) => Promise<void>): Promise<readonly string[]> => printed(language, 80, tell);

  it.each(Object.entries(titles))('has no step that is wider: %s', async (_name, title) => {
    const lines = await inTerminal(async (report) => {
      for (const detail of Object.values(told)) await report.step(title, () => Promise.resolve({ ...longest, detail }));
    });
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it('has no heading and no verdict that is wider', async () => {
    const lines = await inTerminal((report) => {
      for (const chapter of Object.values(chapters)) report.chapter(chapter);
      report.verdict(false, `step 12 (${titles.read[language]}): ${'a reason of many words '.repeat(12)}`);
      return Promise.resolve();
    });
    expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it.each(['staff', 'patient', 'member'])('has no line of the audit that is wider: by %s', async (kind) => {
    const line = {
      at: '2026-01-01T08:00:00.000Z',
      event: 'RelationshipProposed',
      actor: { kind, mspId: 'HospitalBMSP', actorTag: ID },
      decision: 'deny',
      purpose: 'HRESCH',
      reasons: ['ROLE_MAY_NOT_CLAIM_PURPOSE', 'LABEL_NOT_COVERED'],
      provisionIds: [],
      txId: 'f'.repeat(64),
    } as const;
    const lines = await inTerminal((report) => {
      report.line(auditText(line as unknown as Parameters<typeof auditText>[0])); // as much as a line shows
      return Promise.resolve();
    });
    expect(lines.filter((shown) => displayWidth(shown) > 80)).toEqual([]);
  });
});

it('a step is one line where a program reads it', async () => {
  const lines = await printed('en', Number.POSITIVE_INFINITY, async (report) => {
    await report.step(titles.hospitals, () => Promise.resolve({ ...longest, detail: told.ticket }));
  });
  expect(lines).toHaveLength(3);
});

it.each(Object.entries({ ...told, ...titles, ...chapters }))('is told in Chinese, too: %s', (_name, { en, zh }) => {
  // what is left beside Chinese are names, ids and codes
  const words = zh.replaceAll(/[A-Za-z0-9_.:+-]*[A-Z_0-9:.-][A-Za-z0-9_.:+-]*/g, '');
  expect(/\p{Script=Han}/u.test(zh) && !/[a-z]{2,} [a-z]{2,}/.test(words) ? [] : [en, zh]).toEqual([]);
});
