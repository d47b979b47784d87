import { newId as newLinkId, newSalt } from '@lianyi/client';
import { encodeBase64url, hashOfJson, transactions } from '@lianyi/domain';
import { parseBlock } from '@lianyi/ledger-client';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { blocksOfPeer, chainHeight } from '../../scenario/peer-blocks';
import { hireRoster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const { LinkIdentifier } = transactions;

/** A registrar of A links a patient’s number. B looks at the transaction in its own peer’s blocks. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r4-4');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const linkId = newLinkId();
    const { pseudonym } = known;
    const transient = LinkIdentifier.transient.parse({
      ...{ linkId, pseudonym, system: 'national-id', value: '11010519491231002X', salt: encodeBase64url(newSalt()) },
    });
    const input = LinkIdentifier.request.parse({ linkId, transientSha256: hashOfJson(transient) });
    const { sign, client } = staff.registrarA;
    const { transactionId } = await carry(client, LinkIdentifier, input, { sign, transient });
    await scenario.catchUp(scenario.b);
    const session = await scenario.session(scenario.b);
    const { channel } = scenario.network;
    const blocks = await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1);
    const linked = blocks.flatMap((block) => parseBlock(block).transactions).find((each) => each.transactionId === transactionId);
    if (linked === undefined) throw new Error('the link is in none of B’s blocks');
    const isTold = Buffer.from(linked.envelope).includes(pseudonym);
    return { succeeded: isTold, seen: `the transaction ${isTold ? 'names the pseudonym beside the link' : 'names no pseudonym'}` };
  } finally {
    await scenario.stop();
  }
}

export const linkThatTells: Attack = {
  id: 'R4-4',
  title: 'every member reads in its blocks whose number was linked, by what the transaction has read',
  defences: [
    {
      file: 'chaincode/src/use-cases/registrar/identifier-links.ts',
      name: 'LinkIdentifier',
      body: [
        'await scope.ledger.pseudonyms.get(transient.pseudonym);',
        'await scope.ledger.own(asStaff(scope.actor)).identifierLinks.insert({ schemaVersion: 1, ...transient });',
        'return { linkId: input.linkId };',
      ].join(' '),
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
