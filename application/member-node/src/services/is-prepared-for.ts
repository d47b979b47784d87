import { type PrepareInput } from '@lianyi/client';
import { canonicalJson, deviceAuthorshipSchema } from '@lianyi/domain';
import { type KeptPreparation } from './preparations';

/** What is said of the document on the ledger. */
type Labels = Readonly<Record<string, string | number>>;

/** Whether a preparation is of this very document, under these labels, for the same change of the record. */
export function isPreparedFor(
  preparation: KeptPreparation,
  { documentSha256, amends, care, device }: PrepareInput,
  labels: Labels,
): boolean {
  const { previousVersion, operation } = preparation.input;
  const isSameChange = previousVersion === amends?.previousVersion && operation === amends?.operation;
  const isSaidTheSame = Object.entries(labels).every(([label, said]) => preparation.input[label] === said);
  return preparation.isOf(documentSha256) && isSaidTheSame && isSameChange && isOfCare(preparation, care) && isMadeBy(preparation, device);
}

function isOfCare({ input: { encounter, careMonths } }: KeptPreparation, care: PrepareInput['care']): boolean {
  return encounter === care?.encounter && canonicalJson(careMonths ?? null) === canonicalJson(care?.careMonths ?? null);
}

/** Whether what is prepared has been made by this device, with this signature and salt; by none if none is named. */
function isMadeBy({ input, envelope }: KeptPreparation, device: PrepareInput['device']): boolean {
  const prepared = deviceAuthorshipSchema.safeParse(input['device']).data;
  if (prepared === undefined || device === undefined) return input['device'] === undefined && device === undefined;
  return prepared.signature === device.signature && envelope.salts.content === device.contentSalt;
}
