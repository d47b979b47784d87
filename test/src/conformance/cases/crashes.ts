import { observedCase } from '../conformance-case';
import { A, B, C, type ConformanceNetwork } from '../conformance-network';
import { attempt } from '../outcome';
import { waitUntil } from '../../wait-until';

/** Until chaincode answers at every organisation: somebody starts it again. */
async function untilBack(network: ConformanceNetwork): Promise<void> {
  for (const mspId of [A, B, C]) {
    const ask = () => attempt(() => network.as(A).evaluate('get', ['k'], { chaincode: 'u', organizations: [mspId] }));
    await waitUntil(`chaincode of ${mspId} comes back`, async () => (await ask()).grpcCode === 0);
  }
}

export const crashCases = [
  observedCase('54b', 'evaluating a function that ends its process ends that of every organisation', async (network) => {
    const outcome = await attempt(() => network.as(A).evaluate('crash', [], { chaincode: 'u' }));
    await untilBack(network);
    return outcome;
  }),
  observedCase('54f', 'a pinned evaluation ends the process of that organisation only', async (network) => {
    const outcome = await attempt(() => network.as(A).evaluate('crash', [], { chaincode: 'u', organizations: [B] }));
    const elsewhere = await network.as(A).evaluate('get', ['k'], { chaincode: 'u', organizations: [C] });
    await untilBack(network);
    return [outcome, elsewhere];
  }),
  observedCase('54g', 'a submission of a function that ends its process', async (network) => {
    const outcome = await attempt(() => network.as(A).submit('crash', [], { chaincode: 'u' }));
    await untilBack(network);
    return outcome;
  }),
  observedCase('54h', 'all is well after a crash', async (network) => network.as(A).submit('rmw', [network.key()], { chaincode: 'u' })),
];
