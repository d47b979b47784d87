import {
  applyConfigUpdate,
  common,
  ConfigUpdateRefused,
  ConfiguredPolicies,
  marshal,
  newNonce,
  parseChannelConfig,
  type Signer,
} from '@lianyi/fabric-protocol';
import { ADMIN_USER, loadSigner, OperatorError, type Organization, organizationPaths, reasonOf } from '@lianyi/network-model';

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
    const config = parseChannelConfig(this.config);
    try {
      parseChannelConfig(applyConfigUpdate(this.bytes, { channel: this.channel, config, policies: new ConfiguredPolicies(() => config) }));
      return undefined;
    } catch (error) {
      if (error instanceof ConfigUpdateRefused) return error.message;
      throw new OperatorError('FABRIC_REFUSED', `the new configuration could not be used: ${reasonOf(error)}`, { cause: error });
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
  if (!isUnsigned(refusal)) throw new OperatorError('FABRIC_REFUSED', `the update would be refused: ${refusal}`);
  const signed = [...update.signed];
  const others = members.filter(({ mspId }) => !signed.includes(mspId));
  const needed = others.findIndex((organization) => {
    update.signBy(administratorOf(dataDir, organization));
    return update.refusal() === undefined;
  });
  const missing = others.map(({ mspId }) => mspId).join(', ');
  const wanting = needed < 0 ? `no further signature of ${missing || 'anybody'} would do` : `${needed + 1} more of ${missing} must sign`;
  throw new OperatorError('NOT_SIGNED', `signed by ${signed.join(', ') || 'nobody'}; ${wanting}; nothing was sent`);
}
