import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  AdminSession,
  type CertificateEntry,
  isListener,
  listCertificates,
  type Progress,
  publishRevocationList,
  renewEntry,
  revokedOnChannels,
  revokeUser,
} from '@lianyi/network-administration';
import { askAction, folderOwners, openAuthority, OperatorError, type Organization, organizationPaths } from '@lianyi/network-model';
import { indented } from './columns';
import { type HelpText } from './language';
import { localDay, localMoment } from './moment';
import { networkOptions, ORGANIZATION_TEXT, withNetwork } from './on-network';
import { optional, parsed, required, wholeNumber } from './option';
import { type Column, printTable } from './table';
import { type VerbCall, verb, type VerbGroup, type VerbSpec } from './verb-spec';
import { wordFor } from './vocabulary';

interface NetworkInput {
  readonly dir: string;
  readonly json: boolean;
}
interface ListInput extends NetworkInput {
  readonly organization: string | undefined;
  readonly expiring: number | undefined;
}
interface RevokeInput extends NetworkInput {
  readonly organization: string;
  readonly user: string | undefined;
  readonly crl: string | undefined;
}
interface RenewInput extends NetworkInput {
  readonly organization: string;
  readonly holder: string | undefined;
  readonly expiring: number | undefined;
}

const expiring = parsed(
  '--expiring <days>',
  { en: 'only those that end within so many days', zh: '只限在这么多天内到期的' },
  { schema: wholeNumber(0, 99_999).optional(), needs: { en: 'a whole number of days is needed', zh: '需要整数天数' } },
);
const organization = required('--organization <name>', ORGANIZATION_TEXT);

/** `certs list|revoke|renew`. */
export const certificateGroup = (defaultDir: string): VerbGroup => ({
  name: 'certs',
  summary: { en: 'certificates of all organisations: their ends, revocation, renewal', zh: '各组织的证书：到期、吊销、更新' },
  verbs: [listVerb(defaultDir), revokeVerb(defaultDir), renewVerb(defaultDir)],
});

const listVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'list',
    summary: { en: 'all certificates, those that end first on top', zh: '所有证书，最先到期的在前' },
    options: {
      organization: optional('--organization <name>', {
        en: `only those of this organisation: ${ORGANIZATION_TEXT.en}`,
        zh: `只限该组织的：${ORGANIZATION_TEXT.zh}`,
      }),
      expiring,
      ...networkOptions(defaultDir),
    },
    action: list,
  });

const revokeVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'revoke',
    summary: {
      en: "revoke a user's certificate on every channel, signed by the organisation's administrator",
      zh: '在所有通道上吊销用户的证书，由所属组织的管理员签名',
    },
    options: {
      organization,
      user: optional('--user <name>', { en: 'the user; a list is made by the CA here', zh: '用户；由此处的 CA 生成吊销列表' }),
      crl: optional('--crl <file>', { en: 'or a list (PEM) that the CA has made', zh: '或由 CA 生成的吊销列表（PEM）' }),
      ...networkOptions(defaultDir),
    },
    action: revoke,
  });

const renewVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'renew',
    summary: {
      en: 'issue certificates anew for the same keys and restart the nodes that use them',
      zh: '为原密钥重新签发证书，并重启使用它们的节点',
    },
    options: {
      organization,
      holder: optional('--holder <name>', {
        en: 'only those of this node or user, as list names it',
        zh: '只限该节点或用户的，名称见 list',
      }),
      expiring,
      ...networkOptions(defaultDir),
    },
    action: (input, call) => withNetwork(input, call, (session, progress) => renew(session, input, progress), ['renewed', 'files']),
  });

async function list({ dir, json, organization: wanted, expiring: days }: ListInput, call: VerbCall): Promise<void> {
  const dataDir = resolve(dir);
  const all = listCertificates(dataDir, await revokedIfRunning(dataDir));
  const domain = wanted === undefined ? undefined : domainOf(dataDir, wanted);
  const own = all.filter((entry) => domain === undefined || entry.domain === domain);
  const chosen = own.filter(({ daysLeft }) => days === undefined || daysLeft <= days);
  if (json) call.output.out(JSON.stringify({ certificates: chosen }));
  else if (chosen.length > 0) printTable(chosen, certificateColumns(call), call);
  else call.output.out(indented(noneEnds(days ?? 0, own[0])[call.language], ''));
}

/** @throws {@link OperatorError} `UNKNOWN_NAME`. */
function domainOf(dataDir: string, wanted: string): string {
  const owners = folderOwners(dataDir);
  const found = owners.find(({ domain, mspId, name }) => [domain, mspId, name].includes(wanted));
  if (found !== undefined) return found.domain;
  const known = owners.map(({ domain, mspId }) => mspId ?? domain).join(', ');
  throw new OperatorError('UNKNOWN_NAME', {
    en: `there is no organisation ${wanted}; there are ${known}`,
    zh: `没有组织 ${wanted}；现有 ${known}`,
  });
}

const USES: Readonly<Record<CertificateEntry['use'], HelpText>> = {
  authority: { en: 'CA', zh: '证书机构' },
  identity: { en: 'identity', zh: '身份' },
  tls: { en: 'TLS', zh: 'TLS' },
};

function certificateColumns({ language }: VerbCall): readonly Column<CertificateEntry>[] {
  return [
    { title: { en: 'HOLDER', zh: '持有者' }, value: ({ holder }) => holder },
    { title: { en: 'USE', zh: '用途' }, value: ({ use }) => USES[use][language] },
    { title: { en: 'STATE', zh: '状态' }, value: ({ state }) => wordFor(state, language) },
    {
      title: { en: 'UNTIL', zh: '到期' },
      value: ({ notAfter, daysLeft }) =>
        ({ en: `${localDay(notAfter)} (${daysLeft} days)`, zh: `${localDay(notAfter)}（${daysLeft} 天）` })[language],
    },
    // told apart in a revocation list by it; long, so only where there is a reason to look one up
    {
      title: { en: 'SERIAL', zh: '序列号' },
      value: ({ state, serialNumber }) => (state === 'revoked' || state === 'partly-revoked' ? serialNumber : ''),
    },
  ];
}

/** Where the answer is nobody, the next one to come is what the operator wants to know. */
function noneEnds(days: number, next: CertificateEntry | undefined): HelpText {
  const none = { en: `no certificate ends within ${days} days`, zh: `没有证书在 ${days} 天内到期` };
  if (!next) return none;
  const at = localMoment(next.notAfter);
  return {
    en: `${none.en}; the next is ${next.holder} (${USES[next.use].en}), on ${at}`,
    zh: `${none.zh}；最早到期的是 ${next.holder}（${USES[next.use].zh}），${at}`,
  };
}

/** Who is revoked stands on the channels; without a running network only the lists that are kept tell. */
async function revokedIfRunning(dataDir: string): Promise<Awaited<ReturnType<typeof revokedOnChannels>>> {
  try {
    const session = await AdminSession.open(dataDir);
    try {
      return await revokedOnChannels(session);
    } finally {
      session.close();
    }
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'NOT_RUNNING') return new Map();
    throw error;
  }
}

async function revoke(input: RevokeInput, call: VerbCall): Promise<void> {
  const { organization: name, user, crl } = input;
  if ((user === undefined) === (crl === undefined))
    throw new OperatorError('UNKNOWN_NAME', { en: 'either --user or --crl is needed', zh: '需要 --user 或 --crl 之一' });
  if (crl !== undefined && !existsSync(crl))
    throw new OperatorError('UNKNOWN_NAME', { en: `there is no file ${crl}`, zh: `没有文件 ${crl}` });
  await withNetwork(input, call, (session, progress) =>
    crl === undefined
      ? revokeUser(session, name, user ?? '', progress)
      : publishRevocationList(session, name, readFileSync(crl, 'utf8'), progress),
  );
}

async function renewAll(
  session: AdminSession,
  owner: Organization,
  entries: readonly CertificateEntry[],
  progress: Progress,
): Promise<void> {
  const authority = openAuthority(session.dataDir, owner);
  try {
    // what the server must answer for comes first: if it does not, its own certificate stays, too
    for (const entry of [...entries.filter((each) => !isListener(each)), ...entries.filter(isListener)]) {
      await renewEntry(authority, entry, organizationPaths(session.dataDir, owner));
      progress({ en: `renewed ${entry.use} of ${entry.holder}`, zh: `已更新 ${entry.holder} 的证书（${USES[entry.use].zh}）` });
    }
  } finally {
    authority.close();
  }
}

async function renew(
  session: AdminSession,
  { organization: name, holder, expiring: days }: RenewInput,
  progress: Progress,
): Promise<object> {
  const owner = session.organization(name);
  const revoked = await revokedOnChannels(session);
  const isAsked = (entry: CertificateEntry): boolean =>
    entry.domain === owner.domain &&
    entry.use !== 'authority' &&
    (holder === undefined || [entry.holder, entry.holder.split('@')[0]].includes(holder)) &&
    (days === undefined || entry.daysLeft <= days);
  const asked = listCertificates(session.dataDir, revoked).filter(isAsked);
  if (asked.length === 0 && holder !== undefined && days === undefined)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `${owner.mspId} has no certificate of ${holder}; 'certs list' shows all`,
      zh: `${owner.mspId} 没有 ${holder} 的证书；certs list 列出全部`,
    });
  const banned = asked.find(({ state }) => state === 'revoked' || state === 'partly-revoked');
  if (banned)
    throw new OperatorError('CERTIFICATE_REFUSED', {
      en: `${banned.holder} is revoked; a new certificate for the same key would give back what was taken`,
      zh: `${banned.holder} 已被吊销；为同一密钥签发新证书等于收回吊销`,
    });
  if (asked.length === 0) progress(nothingRenewed(owner.mspId, days));
  await renewAll(session, owner, asked, progress);
  const restarting = session.nodeNames.filter((node) => asked.some((entry) => entry.holder === node));
  await restart(session, restarting, progress);
  return {
    renewed: asked.map((entry) => ({ holder: entry.holder, use: entry.use })),
    restarted: restarting,
    files: asked.map(({ file }) => join(file)),
  };
}

function nothingRenewed(mspId: string, days: number | undefined): HelpText {
  if (days === undefined) return { en: `${mspId} has no certificate to renew`, zh: `${mspId} 没有可更新的证书` };
  return {
    en: `no certificate of ${mspId} ends within ${days} days; nothing is renewed`,
    zh: `${mspId} 没有证书在 ${days} 天内到期；未作更新`,
  };
}

async function restart(session: AdminSession, nodes: readonly string[], progress: Progress): Promise<void> {
  // the peers' copies of what they show to their chaincode are brought up to date, too
  if (nodes.length > 0) await session.record((recorded) => recorded);
  for (const node of nodes) {
    await askAction(session.dataDir, node, 'restart');
    progress({
      en: `restarted ${node}`,
      zh: `已重启 ${node}`,
    });
  }
}
