import { type ConformanceCase, observedCase } from '../conformance-case';
import { A, type ConformanceNetwork } from '../conformance-network';
import { craftProposal, type Twist } from '../craft';
import { commitStatusRaw, endorseRaw, evaluateRaw, submitRaw } from '../raw-requests';

/** Half of a surrogate pair: the bytes that stand for it are no UTF-8. */
const HIGH = String.fromCharCode(0xd83d);
const LOW = String.fromCharCode(0xde00);

/** A field of a proposal that is no text, on Evaluate under the id and on Endorse under the id with a 2. */
function inProposal(id: string, field: string, twist: Twist): readonly ConformanceCase[] {
  return (
    [
      [id, 'evaluate', evaluateRaw],
      [`${id}2`, 'endorse', endorseRaw],
    ] as const
  ).map(([name, call, send]) =>
    observedCase(name, `${field} that is no text, ${call}`, (network) =>
      send(network.as(A).client, craftProposal(network.as(A).craftsman, twist)),
    ),
  );
}

/** What chaincode asks of its peer with half a pair in it. */
function byChaincode(id: string, what: string, name: string, half: string): ConformanceCase {
  const run = (network: ConformanceNetwork): Promise<unknown> =>
    network.as(A).evaluate(name, [String(half.charCodeAt(0))], { organizations: [A] });
  return observedCase(id, `${what} that is no text, by chaincode`, run);
}

/** Text fields whose bytes are no UTF-8: Go's decoder refuses the message. */
export const malformedTextCases: readonly ConformanceCase[] = [
  ...inProposal('49a', 'a channel', { channelId: `emr${HIGH}` }),
  ...inProposal('49b', 'a chaincode', { chaincode: `t${LOW}` }),
  ...inProposal('49c', 'a transaction id', { txId: `${LOW}${HIGH}` }),
  observedCase('49d', 'the status of a channel that is no text', (network) =>
    commitStatusRaw(network.as(A).client, network.as(A).craftsman, `emr${LOW}`),
  ),
  observedCase('49d2', 'the status of a transaction id that is no text', (network) =>
    commitStatusRaw(network.as(A).client, network.as(A).craftsman, 'emr', { txId: HIGH }),
  ),
  observedCase('49e', 'a submit whose request names a channel that is no text', (network) =>
    submitRaw(network.as(A).client, network.as(A).craftsman, network.as(A).craftsman.sign, `er${HIGH}`),
  ),
  byChaincode('49f', 'a key', 'halfKey', HIGH),
  byChaincode('49f2', 'a key', 'halfKey', LOW),
  byChaincode('49g', 'a key read', 'halfRead', HIGH),
  byChaincode('49g2', 'the end of a range', 'halfRange', LOW),
  byChaincode('49h', 'a private key', 'halfPrivate', HIGH),
  byChaincode('49i', 'a failure', 'halfFailure', LOW),
];
