import { localTime, padToWidth, wordText } from '@lianyi/cli/wording';
import { type AuditLine } from '../acts';
import { type StoryLanguage, type StoryText } from './report';

/** One line of the patient's audit, as the story shows it: in the reader's language and time. */
export function auditText(line: AuditLine): StoryText {
  return { en: lineIn('en', line), zh: lineIn('zh', line) };
}

function lineIn(language: StoryLanguage, { at, event, actor, decision, purpose, reasons, provisionIds }: AuditLine): string {
  const said = (word: string): string => wordText(word)[language];
  const who = actor.kind === 'staff' ? `${actor.mspId ?? ''}:${(actor.actorTag ?? '').slice(0, 8)}…` : said(actor.kind);
  const decided = decision === undefined ? undefined : { en: decision, zh: decision === 'permit' ? '允许' : '拒绝' }[language];
  const used = purpose === undefined ? undefined : said(purpose);
  const why = [decided, used, ...(reasons ?? []), ...(provisionIds ?? [])].filter((part) => part !== undefined);
  const when = localTime(at, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return `      ${[when, padToWidth(said(event), 22), padToWidth(who, 24), why.join(' ')].join('  ').trimEnd()}`;
}
