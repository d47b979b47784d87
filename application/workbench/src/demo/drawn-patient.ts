import { Acts } from '../acts';
import { type HospitalConsortium } from '../consortium';
import { details } from './details';
import { insist } from './insist';
import { type StepResult } from './report';

/** The doctor draws the whole patient: every document is in the picture, or named as one that cannot be. @param told - gains what was committed */
export async function drawPatient(
  { commands, data }: HospitalConsortium,
  pseudonym: string,
  documents: number,
  told: string[],
): Promise<StepResult> {
  const picture = await new Acts(commands).picture('cardiologist-b', pseudonym, data.file('patient.svg'));
  insist(picture.records + picture.leftOut.length === documents, `${picture.records} records were drawn`);
  told.push(...picture.transactionIds);
  return { outcome: 'done', detail: details.picture(picture) };
}
