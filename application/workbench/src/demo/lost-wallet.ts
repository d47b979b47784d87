import { rmSync } from 'node:fs';
import { z } from 'zod';
import { type CommandResult } from '../command-line';
import { type HospitalConsortium } from '../consortium';
import { insist } from './insist';

const shownSchema = z.object({ summary: z.object({ written: z.array(z.string()) }) });
const recoveredSchema = z.object({ recovered: z.array(z.object({ pseudonym: z.string(), by: z.enum(['slot', 'seed']) })) });

const ATTEMPTS = 50;
const PAUSE_MILLIS = 200;

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
  const { recovered } = recoveredSchema.parse(await answerOf(() => commands.run(profile, back)));
  rmSync(paper);
  insist(recovered.length === 1 && recovered[0]?.pseudonym === pseudonym, 'the wallet did not come back');
}

/** Asks again while the other hospital's peer is some blocks behind. */
async function answerOf(ask: () => Promise<CommandResult>): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, json } = await ask();
    if (exitCode === 0 || attempt === ATTEMPTS) return json;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}
