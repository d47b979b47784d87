import { type Contract } from '@hyperledger/fabric-gateway';
import { observedCase } from '../conformance-case';
import { A, B, C, commit, SIDE_CHANNEL } from '../conformance-network';
import { type Party } from '../party';

const onSide = (party: Party, chaincode = 't'): Contract => party.otherChannel(SIDE_CHANNEL).getContract(chaincode);

const evaluate = async (party: Party, name: string, ...args: readonly string[]): Promise<string> =>
  Buffer.from(await onSide(party).evaluateTransaction(name, ...args)).toString();

const submit = async (party: Party, name: string, ...args: readonly string[]): Promise<string> =>
  Buffer.from(await onSide(party).submitTransaction(name, ...args)).toString();

const calling = (...args: readonly string[]): readonly string[] => ['t', JSON.stringify(args), SIDE_CHANNEL];

/** What depends on a second channel, of A and B with chaincode u. */
/** What depends on a second channel, of A and B with chaincode t. */
export const secondChannelCases = [
  observedCase('58a', 'another member sees what was written there', async (network) => {
    const key = network.key();
    await submit(network.as(A), 'put', key, 'there');
    return evaluate(network.as(B), 'get', key);
  }),
  observedCase('58b', "who is no member, at a member's peer, submit", (network) => submit(network.at(A, C), 'put', network.key(), 'x')),
  observedCase('58c', "who is no member, at a member's peer, block events", async (network) => {
    const blocks = await network.at(A, C).otherChannel(SIDE_CHANNEL).getBlockEvents({ startBlock: 0n });
    for await (const block of blocks) {
      blocks.close();
      return block.getHeader()?.getNumber();
    }
    return 'ended';
  }),
  observedCase('58d', 'block events of a channel the peer has not joined', async (network) => {
    const blocks = await network.as(C).otherChannel(SIDE_CHANNEL).getBlockEvents({ startBlock: 0n });
    for await (const block of blocks) {
      blocks.close();
      return block.getHeader()?.getNumber();
    }
    return 'ended';
  }),
  observedCase('58e', 'chaincode that is not on the channel', async (network) => {
    await onSide(network.as(A), 'u').submitTransaction('put', network.key(), 'x');
    return 'committed';
  }),
  observedCase('58f', 'one organisation of two is no majority', async (network) => {
    const proposal = onSide(network.as(A)).newProposal('put', { arguments: [network.key(), 'x'], endorsingOrganizations: [A] });
    return commit(await proposal.endorse());
  }),
  observedCase('58g', 'events of one channel are not of the other', async (network) => {
    const party = network.as(A);
    const startBlock = BigInt(await network.height(SIDE_CHANNEL));
    await network.as(A).submit('put', [network.key(), 'here']);
    const key = network.key();
    await submit(party, 'put', key, 'there');
    const events = await party.otherChannel(SIDE_CHANNEL).getChaincodeEvents('t', { startBlock });
    for await (const { payload } of events) {
      events.close();
      return Buffer.from(payload).toString() === key;
    }
    return 'ended';
  }),
  observedCase('58h', 'what was read on another channel is not protected by MVCC', async (network) => {
    const key = network.key();
    await submit(network.as(A), 'put', key, 'there');
    const transaction = await network.as(A).endorse('callch', calling('get', key), { chaincode: 'u' });
    await submit(network.as(A), 'put', key, 'changed');
    return commit(transaction);
  }),
  observedCase('58i', 'a failure on the called channel is a value', (network) =>
    network.as(A).evaluate('callch', calling('fail', 'there'), { chaincode: 'u' }),
  ),
];
