import {
  applyConfigUpdate,
  common,
  ConfigUpdateRefused,
  ConfiguredPolicies,
  marshal,
  newNonce,
  readChannelConfig,
  type Signer,
} from '@lianyi/fabric-protocol';
import { ADMIN_USER, loadSigner, OperatorError, type Organization, organizationPaths, sentenceOf } from '@lianyi/network-model';

/** An organisation's administrator. @throws `Error` — its keys are not on this machine. */
export function administratorOf(dataDir: string, organization: Organization): Signer {
  return loadSigner(organizationPaths(dataDir, organization).user(ADMIN_USER).msp, organization.mspId);
}

function sign(update: Buffer, signer: Signer): common.ConfigSignature {
  const header = new common.SignatureHeader();
  header.setCreator(signer.serializedIdentity);
  header.setNonce(newNonce());
  const bytes = marshal(header);
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(bytes);
  signature.setSignature(signer.sign(Buffer.concat([bytes, update])));
  return signature;
}

/** A configuration update with the signatures it has so far. */
export class SignedUpdate {
  readonly #envelope = new common.ConfigUpdateEnvelope();
  readonly #update: Buffer;
  /** MSP ids of those who signed. */
  readonly signed: string[] = [];

  constructor(
    private readonly channel: string,
    private readonly config: common.Config,
    update: common.ConfigUpdate,
  ) {
    this.#update = marshal(update);
    this.#envelope.setConfigUpdate(this.#update);
  }

  signBy(signer: Signer): void {
    this.#envelope.addSignatures(sign(this.#update, signer));
    this.signed.push(signer.mspId);
  }

  /** What the orderers would refuse it for now: their own rules, applied before anything is sent. */
  refusal(): string | undefined {
    // what another member has put there, and the channel takes, keeps nobody from changing their own
    const config = readChannelConfig(this.config);
    const before = new Set(config.unread.map(({ path }) => path));
    try {
      const policies = new ConfiguredPolicies(() => config);
      const changed = readChannelConfig(applyConfigUpdate(this.bytes, { channel: this.channel, config, policies }));
      const broken = changed.unread.find(({ path }) => !before.has(path));
      if (broken !== undefined) throw broken.cause;
      return undefined;
    } catch (error) {
      if (error instanceof ConfigUpdateRefused) return error.message;
      throw new OperatorError(
        'FABRIC_REFUSED',
        { en: `the new configuration could not be used: ${sentenceOf(error).en}`, zh: `新配置无法使用：${sentenceOf(error).zh}` },
        { cause: error },
      );
    }
  }

  get bytes(): Buffer {
    return marshal(this.#envelope);
  }
}

function isUnsigned(refusal: string | undefined): boolean {
  return refusal?.includes('not satisfied') === true;
}

/** Who is asked to sign an update, and whose signature would count. */
interface Signatories {
  /** Asked in this order. */
  readonly signers: readonly Organization[];
  /** All of `signers` sign, also where fewer would do. */
  readonly askAll: boolean;
  readonly members: readonly Organization[];
}

/** Has as many administrators sign as are needed. @throws {@link OperatorError} `NOT_SIGNED`, naming who is missing. */
export function collectSignatures(dataDir: string, update: SignedUpdate, { signers, askAll, members }: Signatories): void {
  let refusal: string | undefined;
  for (const organization of signers) {
    update.signBy(administratorOf(dataDir, organization));
    refusal = update.refusal();
    if (!askAll && !isUnsigned(refusal)) break;
  }
  if (refusal === undefined) return;
  if (!isUnsigned(refusal))
    throw new OperatorError('FABRIC_REFUSED', { en: `the update would be refused: ${refusal}`, zh: `该更新会被拒绝：${refusal}` });
  const signed = [...update.signed];
  const others = members.filter(({ mspId }) => !signed.includes(mspId));
  const needed = others.findIndex((organization) => {
    update.signBy(administratorOf(dataDir, organization));
    return update.refusal() === undefined;
  });
  refuseUnsigned(
    signed,
    others.map(({ mspId }) => mspId),
    needed,
  );
}

/** @param needed - how many more beside the first of the others; below 0: not even all of them would do */
function refuseUnsigned(signed: readonly string[], others: readonly string[], needed: number): never {
  const wanting =
    needed < 0
      ? {
          en: `no further signature of ${others.join(', ') || 'anybody'} would do`,
          zh: `即使 ${others.join('、') || '任何人'} 再签名也不够`,
        }
      : { en: `${needed + 1} more of ${others.join(', ')} must sign`, zh: `${others.join('、')} 中还须有 ${needed + 1} 个签名` };
  throw new OperatorError('NOT_SIGNED', {
    en: `signed by ${signed.join(', ') || 'nobody'}; ${wanting.en}; nothing was sent`,
    zh: `签名者：${signed.join('、') || '无'}；${wanting.zh}；没有发送任何内容`,
  });
}
