import { type PrepareInput } from '@lianyi/client';
import { canonicalJson, deviceAuthorshipSchema } from '@lianyi/domain';
import { type KeptPreparation } from './preparations';

/** Whether a preparation is of this very document, for the same change of the record. */
export function isPreparedFor(preparation: KeptPreparation, { documentSha256, amends, care, device }: PrepareInput): boolean {
  const { previousVersion, operation, encounter, careMonths } = preparation.input;
  const isSameChange = previousVersion === amends?.previousVersion && operation === amends?.operation;
  const isOfSameCare = encounter === care?.encounter && canonicalJson(careMonths ?? null) === canonicalJson(care?.careMonths ?? null);
  return preparation.isOf(documentSha256) && isSameChange && isOfSameCare && isMadeBy(preparation, device);
}

/** Whether what is prepared has been made by this device, with this signature and salt; by none if none is named. */
function isMadeBy({ input, envelope }: KeptPreparation, device: PrepareInput['device']): boolean {
  const prepared = deviceAuthorshipSchema.safeParse(input['device']).data;
  if (prepared === undefined || device === undefined) return input['device'] === undefined && device === undefined;
  return prepared.signature === device.signature && envelope.salts.content === device.contentSalt;
}
