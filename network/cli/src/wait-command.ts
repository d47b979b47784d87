import { resolve } from 'node:path';
import { askStatus, type NetworkStatus, OperatorError, waitUntil } from '@lianyi/network-model';
import { networkOptions } from './on-network';
import { parsed, wholeNumber } from './option';
import { verb, type VerbSpec } from './verb-spec';

const POLL_MILLIS = 200;

/** `wait`: for scripts that start a network in the background. */
export const waitVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'wait',
    summary: { en: 'wait until the network of a directory is ready', zh: '等待某目录中的网络就绪' },
    options: {
      ...networkOptions(defaultDir),
      timeout: parsed(
        '--timeout <seconds>',
        { en: 'how long at most', zh: '最长等待时间' },
        {
          schema: wholeNumber(0, 86_400),
          preset: '120',
          needs: { en: 'a whole number of seconds up to 86400 is needed', zh: '需要不超过 86400 的整数秒数' },
        },
      ),
    },
    action: async ({ dir, json, timeout }, { output, language }) => {
      const dataDir = resolve(dir);
      await waitUntil(
        { en: `the network in ${dataDir} was not ready`, zh: `${dataDir} 中的网络没有就绪` },
        async () => isWhole(await statusOf(dataDir)),
        { timeoutMillis: timeout * 1_000, everyMillis: POLL_MILLIS },
      );
      const ready = { en: `the network in ${dataDir} is ready`, zh: `${dataDir} 中的网络已就绪` };
      output.out(json ? JSON.stringify({ dir: dataDir, ready: true }) : ready[language]);
    },
  });

/** A network that starts does not answer before it is ready. */
async function statusOf(dataDir: string): Promise<NetworkStatus | undefined> {
  try {
    return await askStatus(dataDir);
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'NOT_RUNNING') return undefined;
    throw error;
  }
}

/** Whether everything runs that nobody has stopped. */
function isWhole(status: NetworkStatus | undefined): boolean {
  return status?.nodes.every(({ pid, stopped }) => stopped || pid !== undefined) === true;
}
