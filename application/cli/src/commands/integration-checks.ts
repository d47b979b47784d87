import { X509Certificate } from 'node:crypto';
import {
  cursorBefore,
  eventCursorSchema,
  followEvents,
  memberOperations,
  newId,
  newIdNonce,
  newPrivateKey,
  publicKeyOf,
} from '@lianyi/client';
import { connectNode, loadCertificateFile, openStaff, type StaffProfile, type StaffSession } from '@lianyi/client/node';
import { actorTagSchema, DomainError, mspIdSchema, newRequest, pseudonymSchema, ticketIdOf, transactions } from '@lianyi/domain';
import { type Text } from '../language';
import { problemOf } from '../problem';

/** What was found of one thing. */
export interface Check {
  readonly name: 'certificate' | 'node' | 'network' | 'health' | 'key' | 'staff' | 'events' | 'roundTrip';
  readonly what: Text;
  readonly verdict: 'good' | 'bad' | 'note';
  readonly found: Text;
  readonly remedy?: Text;
  readonly code?: string;
}

const names = {
  certificate: { en: 'TLS authority', zh: 'TLS CA 证书' },
  node: { en: 'node', zh: '节点' },
  network: { en: 'network', zh: '网络' },
  health: { en: 'health', zh: '健康状态' },
  key: { en: 'signing key', zh: '签名密钥' },
  staff: { en: 'signature, clock', zh: '签名与时钟' },
  events: { en: 'events', zh: '事件' },
  roundTrip: { en: 'round trip', zh: '往返' },
} as const satisfies Record<Check['name'], Text>;

const MONTH_MILLIS = 30 * 24 * 3_600_000;
/** An event is told as soon as its block is followed; a busy network takes some seconds for a block. */
const PATIENCE_MILLIS = 30_000;
/** Behind everything: only how far the node is comes back. */
const BEHIND_ALL = eventCursorSchema.parse('999999999999999-0-0');

const same = (text: string): Text => ({ en: text, zh: text });
type Found = Omit<Check, 'name' | 'what' | 'verdict'> & { readonly verdict?: Check['verdict'] };

/**
 * Tries one thing after another; what fails ends it, since what comes after rests on it, but for the node's health.
 * @param asker - asks for a record that nobody has, whose denial must come back as an event; undefined: nothing is written
 */
export async function examineIntegration(
  profile: StaffProfile,
  asker: StaffProfile | undefined,
  now: () => Date,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const check = async (name: Check['name'], look: () => Promise<Found>): Promise<boolean> => {
    const found = await look().catch(failed);
    checks.push({ name, what: names[name], verdict: 'good', ...found });
    return found.verdict !== 'bad';
  };
  const isReached =
    (await check('certificate', () => authority(profile, now()))) &&
    (await check('node', () => answers(profile))) &&
    (await check('network', () => network(profile)));
  if (!isReached) return checks;
  await check('health', () => health(profile));
  let session: StaffSession | undefined;
  const isKnown = await check('key', async () => {
    session = await openStaff(profile);
    return { found: same(profile.keyFile) };
  });
  if (session === undefined || !isKnown) return checks;
  try {
    await examineSession(session, profile, asker, check);
  } finally {
    session.close();
  }
  return checks;
}

type Checker = (name: Check['name'], look: () => Promise<Found>) => Promise<boolean>;

async function examineSession(
  session: StaffSession,
  profile: StaffProfile,
  asker: StaffProfile | undefined,
  check: Checker,
): Promise<void> {
  if (!(await check('staff', () => staff(session, profile)))) return;
  if (!(await check('events', () => events(session)))) return;
  await check('roundTrip', () => (asker === undefined ? Promise.resolve(untried) : roundTrip(session, asker)));
}

function failed(error: unknown): Found & { readonly verdict: 'bad' } {
  const { code, meaning, detail, remedy } = problemOf(error);
  const more = (language: keyof Text): string =>
    detail === undefined ? '' : ` (${typeof detail === 'string' ? detail : detail[language]})`;
  return { verdict: 'bad', code, found: { en: `${code}: ${meaning.en}${more('en')}`, zh: `${code}：${meaning.zh}${more('zh')}` }, remedy };
}

async function authority({ tlsCaFile }: StaffProfile, now: Date): Promise<Found> {
  const end = new X509Certificate(await loadCertificateFile(tlsCaFile, 'tlsCaFile')).validToDate;
  const until = end.toISOString();
  const found = { en: `${tlsCaFile}, valid until ${until}`, zh: `${tlsCaFile}，有效期至 ${until}` };
  if (end.getTime() - now.getTime() > MONTH_MILLIS) return { found };
  const remedy = {
    en: 'Get the hospital’s new TLS authority, and name it in the profile.',
    zh: '请取得本院新的 TLS CA 证书，并写入身份配置。',
  };
  return { verdict: end > now ? 'note' : 'bad', found, remedy };
}

async function answers(profile: StaffProfile): Promise<Found> {
  const node = await connectNode(profile);
  try {
    await node.network();
    return { found: same(node.url) };
  } finally {
    node.close();
  }
}

async function network({ mspId, channel, chaincode, genesis, ...address }: StaffProfile): Promise<Found> {
  const node = await connectNode(address);
  const told = await node.network();
  node.close();
  const own = { mspId, channel, chaincode, genesis };
  const differing = Object.entries(own).filter(([field, value]) => told[field as keyof typeof own] !== value);
  if (differing.length === 0) return { found: same(`${told.mspId}, ${told.channel}/${told.chaincode}, ${told.genesis}`) };
  const said = differing.map(([field]) => field).join(', ');
  return {
    verdict: 'bad',
    found: { en: `the node says another ${said} than the profile`, zh: `节点所述的 ${said} 与身份配置不同` },
    remedy: {
      en: 'Sign nothing for it: ask the hospital which node and which genesis are theirs.',
      zh: '请勿为其签名：请向本院确认其节点和创世哈希。',
    },
  };
}

async function health(profile: StaffProfile): Promise<Found> {
  const node = await connectNode(profile);
  const { status, faults, alarms } = await node.health();
  node.close();
  if (status === 'ok' && alarms.length === 0) return { found: { en: 'well', zh: '正常' } };
  const remedy = { en: 'The operator of the node sees why: lianyi node status.', zh: '请节点运维人员查看原因：lianyi node status。' };
  return { verdict: status === 'ok' ? 'note' : 'bad', found: same([status, ...faults, ...alarms].join('; ')), remedy };
}

async function staff({ ledger }: StaffSession, profile: StaffProfile): Promise<Found> {
  const [mspId, actorTag] = [mspIdSchema.parse(profile.mspId), actorTagSchema.parse(profile.actorTag)];
  const { state, roles } = await ledger.evaluate(newRequest(transactions.GetStaff, { mspId, actorTag }));
  return { found: { en: `${actorTag}: ${state}, ${roles.join(', ')}`, zh: `${actorTag}：${state}，${roles.join('、')}` } };
}

async function events({ node, sign }: StaffSession): Promise<Found> {
  const { height } = await node.askSigned(memberOperations.FollowEvents, { after: BEHIND_ALL }, sign);
  return { found: { en: `followed up to block ${height}, exclusive`, zh: `已跟随至区块 ${height}（不含）` } };
}

const untried: Found = {
  verdict: 'note',
  found: { en: 'not tried: nothing was to be written', zh: '未尝试：未要求写入' },
  remedy: { en: 'Name somebody who may ask for records: --asker PROFILE.', zh: '请指明可申请查阅病历的身份：--asker 配置名。' },
};

/** Whoever asks is denied; that is committed, and must come back. */
async function roundTrip({ node, sign }: StaffSession, asker: StaffProfile): Promise<Found> {
  const { height } = await node.askSigned(memberOperations.FollowEvents, { after: BEHIND_ALL }, sign);
  const [mspId, actorTag, nonce] = [mspIdSchema.parse(asker.mspId), actorTagSchema.parse(asker.actorTag), newIdNonce()];
  const ticketId = ticketIdOf({ mspId, actorTag, nonce });
  const session = await openStaff(asker);
  const started = performance.now();
  try {
    const ids = { ticketId, nonce, pseudonym: pseudonymSchema.parse(newId()), recordIds: [newId()] };
    const asked = { purpose: 'TREAT' as const, department: asker.department ?? 'none', ephemeralPublicKey: publicKeyOf(newPrivateKey()) };
    await session.ledger.submit(newRequest(transactions.RequestAccess, { ...ids, ...asked }));
  } finally {
    session.close();
  }
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, PATIENCE_MILLIS);
  let cursor: string | undefined;
  const take = (told: { readonly cursor: string; readonly event: { readonly [field: string]: unknown } }): void => {
    if (told.event['ticketId'] !== ticketId) return;
    cursor = told.cursor;
    stop.abort();
  };
  await followEvents({ node, sign }, { after: () => cursorBefore(BigInt(height)), take }, { signal: stop.signal });
  clearTimeout(timer);
  if (cursor === undefined) throw new DomainError('PEER_BEHIND', 'what was committed has not come back as an event', { ticketId });
  const millis = Math.round(performance.now() - started);
  return { found: { en: `event ${cursor} after ${millis} ms`, zh: `${millis} 毫秒后收到事件 ${cursor}` } };
}
