import { resolve } from 'node:path';
import { z } from 'zod';
import { AdminSession } from '@lianyi/network-administration';
import { askStatus, type NetworkStatus, OperatorError, waitUntil } from '@lianyi/network-model';
import { channelOptions } from './on-network';
import { parsed, wholeNumber } from './option';
import { verb, type VerbSpec } from './verb-spec';
import { type Goals, reachGoals } from './wait-goals';

const POLL_MILLIS = 200;

const chaincodeGoal = z
  .string()
  .transform((text, context) => {
    const [, name, sequence] = /^([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?:=([1-9]\d{0,8}))?$/.exec(text) ?? [];
    if (name !== undefined) return { name, sequence: sequence === undefined ? undefined : Number(sequence) };
    context.addIssue({ code: 'custom', message: 'no such name' });
    return z.NEVER;
  })
  .optional();

const goalOptions = {
  block: parsed(
    '--block <number>',
    { en: 'and until every peer that runs has this block', zh: '并且每个运行中的 peer 节点都有该区块' },
    {
      schema: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
      needs: { en: 'a whole number from 0 is needed', zh: '需要从 0 开始的整数' },
    },
  ),
  transaction: parsed(
    '--transaction <id>',
    { en: 'and until each has committed this transaction; invalid is a failure', zh: '并且都已提交该交易；被判无效即为失败' },
    {
      schema: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      needs: { en: "a transaction's id is needed: 64 of 0-9, a-f", zh: '需要交易 ID：64 位 0-9、a-f' },
    },
  ),
  chaincode: parsed(
    '--chaincode <name>',
    {
      en: 'and until it is committed; NAME=SEQUENCE: under this sequence or a later one',
      zh: '并且该链码已提交；NAME=SEQUENCE：以该序号或更大的序号',
    },
    { schema: chaincodeGoal, needs: { en: 'NAME or NAME=SEQUENCE is needed', zh: '需要 NAME 或 NAME=SEQUENCE' } },
  ),
};

/** `wait`: for scripts that start a network in the background, or go on where somebody else has committed. */
export const waitVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'wait',
    summary: {
      en: 'wait until the network is ready, and until a block, a transaction or a chaincode is there',
      zh: '等待网络就绪，以及某个区块、交易或链码到位',
    },
    options: {
      ...goalOptions,
      timeout: parsed(
        '--timeout <seconds>',
        { en: 'how long at most', zh: '最长等待时间' },
        {
          schema: wholeNumber(0, 86_400),
          preset: '120',
          needs: { en: 'a whole number of seconds up to 86400 is needed', zh: '需要不超过 86400 的整数秒数' },
        },
      ),
      ...channelOptions(defaultDir),
    },
    action: async ({ dir, json, timeout, channel, ...goals }, { output, language }) => {
      const dataDir = resolve(dir);
      const until = Date.now() + timeout * 1_000;
      await waitUntil(
        { en: `the network in ${dataDir} was not ready`, zh: `${dataDir} 中的网络没有就绪` },
        async () => isWhole(await statusOf(dataDir)),
        { timeoutMillis: timeout * 1_000, everyMillis: POLL_MILLIS },
      );
      const reached = Object.values(goals).every((goal) => goal === undefined) ? {} : await reach(dataDir, channel, goals, until);
      const ready = { en: `the network in ${dataDir} is ready`, zh: `${dataDir} 中的网络已就绪` };
      output.out(json ? JSON.stringify({ dir: dataDir, ready: true, ...reached }) : ready[language]);
    },
  });

/** Where a node is stopped on purpose, nobody waits for it. */
async function reach(dataDir: string, channel: string | undefined, goals: Goals, until: number): Promise<object> {
  const status = await askStatus(dataDir);
  const stopped = status.nodes.filter((node) => node.stopped).map(({ name }) => name);
  const session = await AdminSession.open(dataDir);
  try {
    const handle = session.channel(channel);
    const peers = handle.allPeers.filter(({ node }) => !stopped.includes(node.name));
    return await reachGoals(handle, peers, goals, until);
  } finally {
    session.close();
  }
}

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
