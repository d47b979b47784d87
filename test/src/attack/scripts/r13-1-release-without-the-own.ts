import { Unavailable } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { askForKey } from '../key-service-in-memory';

/**
 * B has asked for a key that no consent covers, with a permit that B and C have written. While A's key service is about to have its release decided,
 * B and C commit a definition of the chaincode that A has not approved: A's is out of service, and theirs alone decides.
 */
async function run(): Promise<AttackOutcome> {
  let isAway = false;
  const meanwhile = (): void => {
    isAway = true;
  };
  const standing = () => (isAway ? Promise.reject(new Unavailable('no peer of A runs the chaincode')) : Promise.resolve({}));
  const code = await askForKey({ meanwhile, word: () => ({ kind: 'given' }), standing });
  return { succeeded: code === undefined, seen: code === undefined ? 'the key left by others’ chaincode' : `no key: ${code}` };
}

export const releaseWithoutTheOwn: Attack = {
  id: 'R13-1',
  title: 'two hospitals leave the third one’s chaincode behind, and decide alone on the release of its key',
  defences: [
    { file: 'application/member-node/src/keys/key-service.ts', name: 'KeyService.#assertStanding', body: 'return Promise.resolve();' },
  ],
  networks: ['embedded'],
  run,
};
