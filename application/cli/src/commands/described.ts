import { type z } from 'zod';
import { type DocumentToPublish } from '@lianyi/client';
import { describedSchema } from '@lianyi/documents/media-type';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { choicesText } from './words';

const { format, class: recordClass, confidentiality } = describedSchema.shape;

export const describedFlags: readonly Flag[] = [
  {
    flags: '--format <format>',
    text: {
      en: 'what the document is, if it is no FHIR; the bytes must bear it out',
      zh: '文档格式（非 FHIR 时）；内容须与之相符',
    },
    choices: format.options,
  },
  {
    flags: '--class <class>',
    text: {
      en: 'its class, which a document that is no FHIR does not say',
      zh: `文档类别（非 FHIR 时必填）：${choicesText(recordClass.options)}`,
    },
    choices: recordClass.options,
  },
  {
    flags: '--confidentiality <code>',
    text: { en: 'how closely it is held: N, R or V (N)', zh: '保密等级：N、R 或 V（默认 N）' },
    choices: confidentiality.unwrap().options,
  },
];
export const describedInput = {
  format: format.optional(),
  class: recordClass.optional(),
  confidentiality: confidentiality.unwrap().optional(),
};

/** What is said of a document that is no FHIR. @throws CliProblem `USAGE` — a format without a class, or a label of a document that says its own */
export function describedOf(said: z.output<z.ZodObject<typeof describedInput>>): Pick<DocumentToPublish, 'described'> {
  const { format: given, class: named, confidentiality: held } = said;
  if (given === undefined) {
    if (named !== undefined || held !== undefined) throw new CliProblem('USAGE', '--format <format>');
    return {};
  }
  if (named === undefined) throw new CliProblem('USAGE', '--class <class>');
  return { described: { format: given, class: named, ...(held === undefined ? {} : { confidentiality: held }) } };
}
