import { type Pseudonym } from '@lianyi/domain';
import { z } from 'zod';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';

const INDEX = '--index-images <url>';
export const imagingFlags: readonly Flag[] = [
  {
    flags: INDEX,
    text: {
      en: 'the file is a DICOM image: publishes an entry of the index of studies made of its metadata, not the image; where its images are (DICOMweb)',
      zh: '文件为 DICOM 影像：发布由其元数据生成的影像索引条目，而不发布影像本身；影像所在地址（DICOMweb）',
    },
  },
  { flags: '--body-part <text>', text: { en: 'where the image does not say it', zh: '检查部位（影像未注明时）' } },
  { flags: '--institution <text>', text: { en: 'where the image does not say it', zh: '检查机构（影像未注明时）' } },
];
const shortText = z.string().trim().min(1).max(128);
export const imagingInput = {
  indexImages: z
    .url({ protocol: /^https$/ })
    .max(512)
    .optional(),
  bodyPart: shortText.optional(),
  institution: shortText.optional(),
};
type Said = z.output<z.ZodObject<typeof imagingInput>> & { readonly format?: string | undefined };

/**
 * What is to be published: the file as it is, or an entry of the index that is made of it.
 * @throws CliProblem `USAGE` — words of an index without one, or a format of what is FHIR; DomainError the refusals of `imagingIndexOf`
 */
export async function indexedOf(file: Buffer, { indexImages, bodyPart, institution, format }: Said, pseudonym: Pseudonym): Promise<Buffer> {
  if (indexImages === undefined) {
    if (bodyPart !== undefined || institution !== undefined) throw new CliProblem('USAGE', INDEX);
    return file;
  }
  if (format !== undefined) throw new CliProblem('USAGE', `--format <format>, ${INDEX}`);
  // loaded where an image is published
  const { imagingIndexOf } = await import('@lianyi/documents/imaging');
  return Buffer.from(JSON.stringify(imagingIndexOf(file, { pseudonym, fetchedFrom: indexImages, bodyPart, institution })), 'utf8');
}
