import { rmSync } from 'node:fs';
import { z } from 'zod';
import { type HospitalConsortium } from '../consortium';
import { insist } from './insist';
import { askPatiently } from './patiently';

const shownSchema = z.object({ summary: z.object({ written: z.array(z.string()) }) });
const recoveredSchema = z.object({ recovered: z.array(z.object({ pseudonym: z.string(), by: z.enum(['slot', 'seed']) })) });

/**
 * A patient writes the recovery phrase down, loses the machine with the wallet, and comes back through another hospital's node.
 * @param through - the profile of somebody there
 */
export async function loseAndRecover(
  { commands, data }: Pick<HospitalConsortium, 'commands' | 'data'>,
  patient: { readonly profile: string; readonly pseudonym: string; readonly through: string },
): Promise<void> {
  const { profile, pseudonym, through } = patient;
  const paper = data.file('recovery-phrase.txt');
  const { summary } = await commands.must(profile, ['wallet', 'phrase', '--out', paper], shownSchema);
  insist(summary.written.includes(pseudonym), 'the summary slot was not written');
  rmSync(data.wallet(profile));
  const back = ['wallet', 'recover', '--phrase-file', paper, '--through', through];
  const { recovered } = recoveredSchema.parse(await askPatiently(() => commands.run(profile, back)));
  rmSync(paper);
  insist(recovered.length === 1 && recovered[0]?.pseudonym === pseudonym, 'the wallet did not come back');
}
