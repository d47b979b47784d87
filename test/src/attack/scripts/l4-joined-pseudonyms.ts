import { z } from 'zod';
import { parseBlock, readCall } from '@lianyi/ledger-client';
import { addPatient, type Hospital, tlsCaFile } from '@lianyi/workbench';
import { blocksOfPeer, chainHeight } from '../../scenario/peer-blocks';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const PATIENT = 'patient-l4';
const anything = z.unknown();
const pseudonymSchema = z.object({ pseudonym: z.string(), nonce: z.string(), nextKeyHash: z.string() });

/** Registered at a hospital, related, and given a few commands, each by the command line as its patient would. */
async function settled(scenario: Scenario, hospital: Hospital, made: z.output<typeof pseudonymSchema>): Promise<void> {
  const { commands } = scenario.consortium;
  const { pseudonym, nonce, nextKeyHash } = made;
  const registrar = (await scenario.hire(hospital, 'registrar')).profile;
  const registration = [`--pseudonym=${pseudonym}`, `--nonce=${nonce}`, `--next-key-hash=${nextKeyHash}`];
  await commands.must(registrar, ['patient', 'register', ...registration], anything);
  await commands.must(registrar, ['relationship', 'propose', `--pseudonym=${pseudonym}`, '--type', 'care'], anything);
  await scenario.catchUp(hospital);
  await scenario.catchUp(scenario.a);
  const named = `--pseudonym=${pseudonym}`;
  await commands.must(PATIENT, ['relationship', 'accept', named], anything);
  await commands.must(PATIENT, ['relationship', 'suspend', named], anything);
}

/** Which organisations' certificates carried commands of a pseudonym, as any member reads it in the blocks of its own peer. */
async function carriersOf(scenario: Scenario, reader: Hospital, pseudonym: string): Promise<readonly string[]> {
  await scenario.catchUp(reader);
  const { channel, chaincode } = scenario.network;
  const session = await scenario.session(reader);
  const blocks = await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1);
  const calls = blocks.flatMap((block) => parseBlock(block).transactions.flatMap(({ envelope }) => readCall(envelope, chaincode) ?? []));
  const commands = calls
    .filter((call) => call !== 'unreadable')
    .filter(({ args }) => args.some((arg) => arg.includes('lianyi/command/v1') && arg.includes(pseudonym)));
  return [...new Set(commands.map(({ creatorMspId }) => creatorMspId))].sort();
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-l4');
  try {
    const { a, b, c, consortium } = scenario;
    const atA = await addPatient(consortium.context, a, PATIENT);
    const node = [`--node-url=${b.node.ready.url}`, `--tls-ca-file=${tlsCaFile(consortium.context, b.member)}`];
    await consortium.commands.must(undefined, ['profile', 'add-hospital', `--msp-id=${b.member.mspId}`, ...node, '--', PATIENT], anything);
    const atB = await consortium.commands.must(PATIENT, ['wallet', 'pseudonym', '--hospital', b.member.mspId], pseudonymSchema);
    await settled(scenario, a, atA);
    await settled(scenario, b, atB);
    const [ofA, ofB] = [await carriersOf(scenario, c, atA.pseudonym), await carriersOf(scenario, c, atB.pseudonym)];
    const isJoined = ofA.some((carrier) => ofB.includes(carrier));
    return { succeeded: isJoined, seen: `C sees the pseudonym of A carried by ${ofA.join(', ')}, that of B by ${ofB.join(', ')}` };
  } finally {
    await scenario.stop();
  }
}

/** A member that reads the blocks, or the node itself, tells which pseudonyms at several hospitals are one patient's. */
export const joinedPseudonyms: Attack = {
  id: 'L4',
  title: 'Who carries a patient’s commands joins the patient’s pseudonyms',
  defences: [{ file: 'application/client/src/node/patient-session.ts', name: 'nodeOfHospital', body: 'return profile;' }],
  networks: ['embedded'],
  run,
};
