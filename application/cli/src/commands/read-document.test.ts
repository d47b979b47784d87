import { type Disagreement, type OpenedDocument } from '@lianyi/client';
import { type CommandCall } from '../call';
import { tellDisagreement, written } from './read-document';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const opened = (disagreement: Disagreement): OpenedDocument =>
  ({
    ...{ bytes: Buffer.from('the text'), record: { recordId: 'rec-1', version: 1 }, disagreement, rejected: [] },
    ...{ source: { mspId: 'HospitalAMSP', endpointId: 'vault' }, releaseId: 'rel', releaseTransactionId: 'tx' },
  }) as unknown as OpenedDocument; // all that is shown
const told = (disagreement: Disagreement, language: 'en' | 'zh'): string => {
  let text = '';
  const call = { options: { language }, terminal: { err: (more: string) => (text += more) } } as unknown as CommandCall; // all that is asked of it
  tellDisagreement(call, opened(disagreement));
  return text;
};

describe('a document that its patient disagrees with', () => {
  const folder = scratchDirectory();
  it.each<readonly [Disagreement, 'en' | 'zh', RegExp]>([
    ['stated', 'en', /^rec-1: the patient disagrees with this record/],
    ['stated', 'zh', /^rec-1: 患者对该病历声明异议/],
    ['unreadable', 'en', /^rec-1: the patient may disagree/],
    ['unreadable', 'zh', /^rec-1: 患者可能对该病历声明异议/],
    ['none', 'en', /^$/],
  ])('is told beside its text: %s, %s', (disagreement, language, text) => {
    expect(told(disagreement, language)).toMatch(text);
  });

  it.each<readonly [Disagreement, number]>([
    ['stated', 1],
    ['unreadable', 1],
    ['none', 0],
  ])('is told where it was written, and never in the file: %s', (disagreement, rows) => {
    const file = join(folder, `${disagreement}.json`);
    const shown = written(file, opened(disagreement));
    expect(shown.data).toMatchObject({ disagreement });
    expect(shown.rows.filter(([, cell]) => JSON.stringify(cell ?? '').includes('disagree'))).toHaveLength(rows);
    expect(readFileSync(file, 'utf8')).toBe('the text');
  });
});
