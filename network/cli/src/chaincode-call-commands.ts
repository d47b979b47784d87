import { z } from 'zod';
import { type ChaincodeRequest, type ChannelHandle, invokeChaincode, queryChaincode, readTransient } from '@lianyi/network-administration';
import { CLIENT_USER } from '@lianyi/network-model';
import { channelOptions, withChannel } from './on-network';
import { argument, switchOption, optional, preset, repeated } from './option';
import { verb, type VerbSpec } from './verb-spec';

interface CallInput {
  readonly chaincode: string;
  readonly function: string;
  readonly args: readonly string[];
  readonly as: string | undefined;
  readonly user: string;
  readonly endorser: readonly string[];
  readonly transient: readonly string[];
}

const callArguments = {
  chaincode: argument('<chaincode>', { en: 'name of the chaincode', zh: '链码名称' }),
  function: argument('<function>', { en: 'what to call', zh: '要调用的函数' }),
  args: { term: '[args...]', text: { en: 'its arguments', zh: '函数的参数' }, schema: z.array(z.string()) },
};

const callOptions = {
  as: optional('--as <organization>', {
    en: 'who asks; the first organisation with a peer, if absent',
    zh: '以哪个组织的身份；省略则为首个有 peer 节点的组织',
  }),
  user: preset('--user <name>', { en: 'its user', zh: '该组织的用户' }, CLIENT_USER),
  endorser: repeated('--endorser <organization>', {
    en: 'who must answer; may be repeated',
    zh: '必须由哪些组织应答；可重复',
  }),
  transient: repeated('--transient <key=@file>', {
    en: 'a value only the endorsers see, from a file or standard input (@-); may be repeated',
    zh: '只有背书者可见的值，取自文件或标准输入（@-）；可重复',
  }),
};

/** `cc invoke` and `cc query`. */
export const callVerbs = (defaultDir: string): readonly VerbSpec[] => [
  verb({
    name: 'invoke',
    summary: { en: 'endorse, order and wait for the commit', zh: '背书、排序并等待提交' },
    arguments: callArguments,
    options: {
      ...callOptions,
      init: switchOption('--init', {
        en: "call the chaincode's Init, where its definition requires it first",
        zh: '调用链码的 Init（当其定义要求先行初始化时）',
      }),
      ...channelOptions(defaultDir),
    },
    action: (input, call) =>
      withChannel(input, call, async (channel) => ({ ...(await invokeChaincode(channel, callOf(channel, input, input.init))) })),
  }),
  verb({
    name: 'query',
    summary: { en: 'read; nothing is ordered', zh: '只读；不产生交易' },
    arguments: callArguments,
    options: { ...callOptions, ...channelOptions(defaultDir) },
    action: (input, call) =>
      withChannel(input, call, async (channel) => ({ result: await queryChaincode(channel, callOf(channel, input, false)) })),
  }),
];

function callOf(channel: ChannelHandle, input: CallInput, isInit: boolean): ChaincodeRequest {
  return {
    chaincode: input.chaincode,
    args: [input.function, ...input.args],
    organization: input.as ?? channel.peers[0]?.node.organization.mspId ?? '',
    user: input.user,
    endorsers: input.endorser,
    transient: readTransient(input.transient),
    isInit,
  };
}
