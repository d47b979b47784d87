import { type Text } from './language';

/** What every command takes. */
export const globalOptions: readonly { readonly flags: string; readonly text: Text; readonly choices?: readonly string[] }[] = [
  {
    flags: '--as <profile>',
    text: {
      en: 'who acts: a profile’s name in the data directory, or its path (LIANYI_PROFILE)',
      zh: '以谁的身份操作：数据目录中的配置名，或文件路径（LIANYI_PROFILE）',
    },
  },
  {
    flags: '--data-dir <dir>',
    text: { en: 'data directory (LIANYI_DATA_DIR, else .lianyi/demo)', zh: '数据目录（LIANYI_DATA_DIR，否则 .lianyi/demo）' },
  },
  { flags: '--json', text: { en: 'print one JSON value', zh: '输出一个 JSON 值' } },
  {
    flags: '--lang <language>',
    text: { en: 'language of texts (default from LANG)', zh: '文字语言（默认取自 LANG）' },
    choices: ['en', 'zh'],
  },
  {
    flags: '--dry-run',
    text: {
      en: 'print the request and what staff would sign; sign and send nothing',
      zh: '只显示请求及工作人员将签署的内容；不签名，不发送',
    },
  },
];
