import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type HospitalConsortium } from '../consortium';
import { insist } from './insist';
import { askPatiently } from './patiently';

const codeSchema = z.object({ token: z.string() });
const verifiedSchema = z.object({
  transactionId: z.string(),
  blockNumber: z.coerce.number(),
  result: z.object({ cardId: z.string(), issuerMspId: z.string() }),
});

/** What another hospital's desk learned of a card. */
export interface Recognised {
  readonly transactionId: string;
  readonly blockNumber: number;
  readonly issuerMspId: string;
}

/**
 * A patient shows a card's code, and another hospital's desk recognises the card by it, at its own node.
 * @param shown - `desk` is the profile of somebody there, `hospital` the organisation's name
 */
export async function showCard(
  { commands, data }: Pick<HospitalConsortium, 'commands' | 'data'>,
  shown: { readonly profile: string; readonly cardId: string; readonly desk: string; readonly hospital: string },
): Promise<Recognised> {
  const { profile, cardId, desk, hospital } = shown;
  const { token } = await commands.must(profile, ['card', 'token', cardId, '--hospital', hospital], codeSchema);
  const scanned = data.file('scanned-code.json');
  writeFileSync(scanned, token, { mode: 0o600 });
  const answer = await askPatiently(() => commands.run(desk, ['card', 'verify', '--token-file', scanned]));
  rmSync(scanned);
  const { result, ...where } = verifiedSchema.parse(answer);
  insist(result.cardId === cardId, 'another card was recognised');
  return { ...where, issuerMspId: result.issuerMspId };
}
