import { z } from 'zod';
import { transactions } from '@lianyi/domain';
import { readGenesis } from '@lianyi/ledger-client';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { everyPage } from '../every-page';
import { exitCode } from '../exit-code';
import { openAdministratorSession } from '../ledger/administrator-session';
import { fields, outcome, type CommandOutcome } from '../outcome';
import { ask, withSession } from '../transact';
import { waitCommand } from './ledger-wait';
import { restOfPage } from './paging';
import { label } from './vocabulary';

export const ledgerCommands: readonly CommandSpec[] = [
  command({
    name: 'status',
    summary: { en: 'whether the ledger answers, and which network it is', zh: '账本是否可用，是哪一个网络' },
    detail: {
      en: 'An administrator’s profile also compares block 0 of the peer with the profile’s genesis hash.',
      zh: '管理员身份还会核对节点 0 号区块与身份配置中的创世哈希。',
    },
    example: '--as admin',
    hasNoDryRun: true,
    input: z.object({}),
    run: status,
  }),
  waitCommand,
];

async function status(call: CommandCall): Promise<CommandOutcome> {
  const { profile } = call.actor;
  const { items, ...rest } = await withSession(call, (session) => everyPage((page) => ask(session, transactions.ListOrganisations, page)));
  const genesis = profile.kind === 'administrator' ? await genesisOfPeer(call) : profile.genesis;
  const isSame = profile.genesis === undefined || profile.genesis === genesis;
  const organisations = items.map(({ mspId, status: state }) => ({ mspId, status: state }));
  return {
    ...outcome(
      { channel: profile.channel, chaincode: profile.chaincode, genesis, genesisMatchesProfile: isSame, organisations, ...rest },
      fields([
        [{ en: 'channel', zh: '通道' }, profile.channel],
        [{ en: 'chaincode', zh: '链码' }, profile.chaincode],
        [{ en: 'genesis', zh: '创世哈希' }, genesis],
        [
          { en: 'network', zh: '网络' },
          isSame ? { en: 'the profile’s', zh: '与身份配置一致' } : { en: 'NOT the one of the profile', zh: '与身份配置不符' },
        ],
        [label.organisation, organisations.map(({ mspId }) => mspId).join(', ')],
      ]),
      ...restOfPage(rest),
    ),
    exitCode: isSame ? exitCode.ok : exitCode.failure,
  };
}

async function genesisOfPeer(call: CommandCall): Promise<string> {
  const { profile } = call.actorOf('administrator');
  const session = await openAdministratorSession(profile);
  try {
    return await readGenesis((startBlock) => session.blocks.open(startBlock));
  } finally {
    session.close();
  }
}
