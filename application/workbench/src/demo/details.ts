import { relative } from 'node:path';
import { localTime, wordText } from '@lianyi/cli/wording';
import { type AccessAnswer, type ChainTip, type Picture } from '../acts';
import { type StoryText } from './report';

/** What the story tells below its steps. */
export const details = {
  staff: (alone: string, byTwo: string): StoryText => ({ en: `${alone}; ${byTwo} by two people`, zh: `${alone}；${byTwo} 由两人登记` }),
  card: (cardId: string, issuer: string): StoryText => ({ en: `${cardId}, issued by ${issuer}`, zh: `${cardId}，由 ${issuer} 发放` }),
  version: (grantee: string, version: number): StoryText => ({ en: `${grantee}, version ${version}`, zh: `${grantee}，第 ${version} 版` }),
  needs: (reasons: string, file: string, needs: StoryText): StoryText => ({
    en: `${reasons}: ${file} needs a consent that names ${needs.en}`,
    zh: `${reasons}：${file} 的授权须写明${needs.zh}`,
  }),
  stored: (file: string, recordClass: string, places: readonly string[]): StoryText => ({
    en: `${file} → ${wordText(recordClass).en}, ${places.join(' + ')}`,
    zh: `${file} → ${wordText(recordClass).zh}，${places.join(' + ')}`,
  }),
  ticket: ({ ticketId, expiresAt, provisionIds }: AccessAnswer): StoryText => {
    const until = expiresAt === undefined ? '' : localTime(expiresAt, Intl.DateTimeFormat().resolvedOptions().timeZone);
    return {
      en: `ticket ${ticketId} until ${until}, under provision ${provisionIds.join(', ')}`,
      zh: `凭单 ${ticketId}，有效至 ${until}，依据条款 ${provisionIds.join('、')}`,
    };
  },
  opened: (sizeBytes: number, mspId: string): StoryText => ({
    en: `${sizeBytes} bytes, equal to the original, from ${mspId}`,
    zh: `${sizeBytes} 字节，与原件一致，来自 ${mspId}`,
  }),
  picture: ({ records, facts, file }: Picture): StoryText => ({
    en: `${facts} things told by ${records} records: ${relative(process.cwd(), file)}`,
    zh: `${records} 份病历所述的 ${facts} 个事项：${relative(process.cwd(), file)}`,
  }),
  audit: (lines: number, told: number): StoryText => ({
    en: `${lines} lines, every one of the story's ${told} transactions among them`,
    zh: `${lines} 行，其中包含本故事的全部 ${told} 笔交易`,
  }),
  chain: ({ blocks, tipHash }: ChainTip): StoryText => ({
    en: `${blocks} blocks, tip ${tipHash.slice(0, 16)}…`,
    zh: `${blocks} 个区块，末块 ${tipHash.slice(0, 16)}…`,
  }),
} as const;
