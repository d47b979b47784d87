import { mspIdSchema } from '@lianyi/domain';
import { parseBlock } from '@lianyi/ledger-client';
import { blocksOfPeer, chainHeight } from '../../scenario/peer-blocks';
import { type Scenario } from '../../scenario/scenario';
import { type Assessment, assess } from './assess';
import { Observer } from './observe';
import { type Desk, Population } from './population';

/** Blocks that are held at once. */
const BATCH = 200;

/**
 * Has synthetic patients live at the hospitals of a consortium, reads what a member's peer then has of the chain, from block 0 on, and
 * tries to tell whose pseudonyms and slots are one patient's.
 */
export async function experiment(scenario: Scenario, patients: number, told?: (visits: number) => void): Promise<Assessment> {
  const desks: Desk[] = [];
  for (const hospital of scenario.hospitals) {
    const registrar = await scenario.hire(hospital, 'registrar');
    desks.push({ mspId: mspIdSchema.parse(hospital.member.mspId), registrar, ledger: await scenario.ledger(hospital) });
  }
  const truth = await new Population(desks, scenario.network).live(patients, told);
  const { channel, chaincode } = scenario.network;
  await scenario.catchUp(scenario.c);
  const peer = await scenario.session(scenario.c);
  const height = await chainHeight(peer, channel);
  const observer = new Observer(chaincode);
  for (let from = 0; from < height; from += BATCH) {
    const blocks = await blocksOfPeer(peer, channel, from, Math.min(height, from + BATCH) - 1);
    for (const block of blocks) observer.visit(parseBlock(block));
  }
  return assess(observer.observations(), truth);
}
