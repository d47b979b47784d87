import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type NoPart } from '@lianyi/documents/displaying';
import { z } from 'zod';
import { CliProblem } from '../cli-problem';
import { command } from '../command-spec';
import { readInput } from '../inputs';
import { type Text } from '../language';
import { fields, outcome } from '../outcome';
import { writeNewFile } from '../private-folder';

const reasons: Readonly<Record<NoPart, Text>> = {
  'no-conclusion': { en: '<document>: it holds no report with a conclusion', zh: '<document>：其中没有载明结论的报告' },
  'several-reports': { en: '<document>: it holds several reports; one file for each', zh: '<document>：含多份报告，请逐份分开' },
  'modifier-extension': {
    en: '<document>: the report has a modifier extension, which changes what it says',
    zh: '<document>：报告含修饰扩展，会改变其含义',
  },
  'labels-lowered': {
    en: '<document>: alone, its conclusion would be held less closely than the whole',
    zh: '<document>：单独的结论的保密程度会低于全文',
  },
};

/** What a report comes to, as a document that is published as a record of its own. */
export const conclusionCommand = command({
  name: 'conclusion',
  summary: {
    en: 'make a report’s conclusion a document of its own, to be published by itself',
    zh: '将报告的结论制成单独的文档，以便单独发布',
  },
  detail: {
    en: 'Needs neither a profile nor a node. Published as a record of its own it has its own key: who is permitted that record alone gets no byte of the report. It says that it is a part, keeps the report’s number, kind, times and labels, and no name, result, text or attachment. When the report is amended, amend this record too.',
    zh: '无需身份配置和节点。作为单独的病历发布后有其自身的密钥：仅获准阅读该病历者得不到报告的任何其他内容。文档注明其为部分内容，保留报告的编号、类型、时间与标签，不含姓名、结果、文字描述和附件。报告更正时，请一并更正此病历。',
  },
  example: 'report.json --out conclusion.json',
  hasNoDryRun: true,
  arguments: [{ term: '<document>', text: { en: 'FHIR R4 JSON (- is standard input)', zh: 'FHIR R4 JSON（- 表示标准输入）' } }],
  flags: [{ flags: '--out <file>', text: { en: 'where it is written, mode 0600', zh: '写入的文件（权限 0600）' }, required: true }],
  input: z.object({ document: z.string(), out: z.string() }),
  run: async (call, { document, out }) => {
    const target = resolve(call.terminal.cwd, out);
    if (existsSync(target)) throw new CliProblem('FILE_EXISTS', target);
    const { conclusionPartOf } = await import('@lianyi/documents/displaying');
    const part = conclusionPartOf(readInput(document, call.terminal));
    if (typeof part === 'string') throw new CliProblem('USAGE', reasons[part]);
    writeNewFile(target, part);
    return outcome({ file: target, bytes: part.length }, fields([[{ en: 'conclusion', zh: '结论' }, target]]));
  },
});
