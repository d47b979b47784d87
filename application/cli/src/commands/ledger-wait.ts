import { setTimeout as sleep } from 'node:timers/promises';
import { connectNode } from '@lianyi/client/node';
import { z } from 'zod';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { whole } from '../inputs';
import { fields, outcome, type CommandOutcome } from '../outcome';

const POLL_MILLIS = 200;
const LONGEST_SECONDS = 86_400;
const PRESET_SECONDS = 60;

/** For scripts: what one hospital has committed, another knows a moment later. */
export const waitCommand: CommandSpec = command({
  name: 'wait',
  summary: { en: 'wait until the profile’s node has a block', zh: '等待身份所属节点得到某个区块' },
  detail: {
    en: 'Every command that changes something tells its block (blockNumber in JSON). What is committed at one hospital is known at another a moment later: wait there for that block, then read.',
    zh: '每条有改动的命令都给出其区块（JSON 中的 blockNumber）。一家医院提交的内容，片刻之后另一家才知道：先在那里等到该区块，再读取。',
  },
  example: '--block 42 --timeout 60 --as cardiologist',
  hasNoDryRun: true,
  flags: [
    { flags: '--block <number>', text: { en: 'number of the block, from 0 on', zh: '区块编号，从 0 开始' }, required: true },
    {
      flags: '--timeout <seconds>',
      text: { en: `how long at most; ${PRESET_SECONDS}, if absent`, zh: `最长等待秒数；省略则为 ${PRESET_SECONDS}` },
    },
  ],
  input: z.object({ block: whole(z.int().min(0)), timeout: whole(z.int().min(0).max(LONGEST_SECONDS)).optional() }),
  run: (call, { block, timeout = PRESET_SECONDS }) => waitForBlock(call, block, timeout * 1_000),
});

/** @throws CliProblem `NOT_IN_TIME` */
async function waitForBlock(call: CommandCall, block: number, timeoutMillis: number): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff', 'patient');
  const until = Date.now() + timeoutMillis;
  for (;;) {
    const blocks = await blocksAt(profile);
    const heights = Object.entries(blocks ?? {});
    if (heights.length > 0 && heights.every(([, height]) => height > block))
      return outcome({ url: profile.nodeUrl, block, blocks }, fields([[{ en: 'block', zh: '区块' }, block]]));
    if (Date.now() >= until) throw new CliProblem('NOT_IN_TIME', detailOf(profile.nodeUrl, blocks));
    await sleep(POLL_MILLIS);
  }
}

/** How many blocks the node has of each member's peer that it follows; nothing while it does not answer, which it may yet. */
async function blocksAt(profile: Parameters<typeof connectNode>[0]): Promise<Readonly<Record<string, number>> | undefined> {
  const node = await connectNode(profile);
  try {
    return (await node.health()).blocks;
  } catch {
    return undefined;
  } finally {
    node.close();
  }
}

function detailOf(url: string, blocks: Readonly<Record<string, number>> | undefined): { readonly en: string; readonly zh: string } {
  if (blocks === undefined) return { en: `${url} does not answer`, zh: `${url} 没有应答` };
  const heights = Object.entries(blocks).map(([member, height]) => `${member}: ${height}`);
  return { en: `blocks at ${url}: ${heights.join(', ') || 'none'}`, zh: `${url} 的区块：${heights.join('、') || '无'}` };
}
