import { z } from 'zod';
import { type TemplateReference, templateReferenceSchema } from '@lianyi/domain';

/** `MSP/TEMPLATE@VERSION` as its parts. */
export const templateArgumentSchema: z.ZodPipe<z.ZodTransform<unknown, string>, typeof templateReferenceSchema> = z.pipe(
  z.transform((text: string) => {
    const [, mspId, templateId, version] = /^([^/@]+)\/([^/@]+)@(\d{1,6})$/.exec(text) ?? [];
    return { mspId, templateId, version: Number(version) };
  }),
  templateReferenceSchema,
);

export const templateArgument = {
  term: '<template>',
  text: { en: 'MSP/TEMPLATE@VERSION', zh: '机构/模板@版本' },
} as const;

export type { TemplateReference };
