import { createHash } from 'node:crypto';
import { type SignedData } from '../msp/channel-identity';
import { Msp } from '../msp/msp';
import { ChannelMsps } from '../msp/msp-manager';
import { tryDecodeKnown } from '../wire/known-fields';
import { ofConfigGroup, ofFabricMspConfig } from '../wire/known-messages';
import { bytesOf, common, marshal, msp } from '../wire/proto';
import { serializeIdentity } from '../wire/signer';
import { WireMessage } from '../wire/wire-message';
import { decodeConfig, definitionsOf } from './channel-config';

/** Field numbers of common.Envelope, Payload, ConfigEnvelope, ConfigUpdateEnvelope, ConfigSignature, ConfigUpdate, SignatureHeader. */
const ENVELOPE = { payload: 1 };
const PAYLOAD = { data: 2 };
const CONFIG_ENVELOPE = { lastUpdate: 2 };
const UPDATE_ENVELOPE = { update: 1, signatures: 2 };
const SIGNATURE = { header: 1, signature: 2 };
const UPDATE = { writeSet: 3 };
const SIGNATURE_HEADER = { creator: 1 };

/**
 * Marshalled FabricMSPConfig by MSP id, of each organisation that a configuration names; the same organisation is the same in every section.
 * @param configuration marshalled common.Config; of bytes that are none: nobody
 */
export function definitionsIn(configuration: Uint8Array): ReadonlyMap<string, Buffer> {
  try {
    return definitionsOf(decodeConfig(configuration).getChannelGroup());
  } catch {
    return new Map(); // who follows the chain has stopped at such a block
  }
}

/** What administrators have signed of definitions in an update of the configuration. */
export interface SignedDefinitions {
  /** SHA-256 of the update as they signed it. */
  readonly updateHash: Buffer;
  readonly signatures: readonly SignedData[];
  /** By MSP id, of those that the update writes. */
  readonly definitions: ReadonlyMap<string, Buffer>;
}

/**
 * The update that led to the configuration in an envelope of a block; undefined if none is there, as in the first block.
 * @remarks Source: fabric-protos common/configtx.proto; the signatures are over fabric common/configtx/update.go verifyDeltaSet's input.
 */
export function signedDefinitionsIn(envelope: Uint8Array): SignedDefinitions | undefined {
  try {
    const content = new WireMessage(payloadOf(new WireMessage(envelope)));
    const signed = new WireMessage(payloadOf(content.message(CONFIG_ENVELOPE.lastUpdate)));
    const update = bytesOf(signed.bytes(UPDATE_ENVELOPE.update));
    if (update.length === 0) return undefined;
    const written = tryDecodeKnown(common.ConfigGroup, ofConfigGroup, new WireMessage(update).message(UPDATE.writeSet).content);
    const signatures = [...signed.each(UPDATE_ENVELOPE.signatures)].map((bytes) => signatureIn(new WireMessage(bytes), update));
    return { updateHash: createHash('sha256').update(update).digest(), signatures, definitions: definitionsOf(written) };
  } catch {
    return undefined; // no message stands in these bytes
  }
}

function payloadOf(envelope: WireMessage): Uint8Array {
  return new WireMessage(envelope.bytes(ENVELOPE.payload)).bytes(PAYLOAD.data);
}

function signatureIn(signature: WireMessage, update: Buffer): SignedData {
  const header = signature.bytes(SIGNATURE.header);
  return {
    data: Buffer.concat([header, update]),
    identity: bytesOf(new WireMessage(header).bytes(SIGNATURE_HEADER.creator)),
    signature: bytesOf(signature.bytes(SIGNATURE.signature)),
  };
}

/** Who is of an organisation by one definition of it, whatever a channel's configuration says of it by now. */
export class OrganizationDefinition {
  readonly #config: msp.FabricMSPConfig;
  /** Absent where no MSP can be made of it: nobody is of the organisation then. */
  readonly #msps: ChannelMsps | undefined;

  /** @param definition as {@link definitionsIn} has it */
  constructor(definition: Uint8Array) {
    this.#config = tryDecodeKnown(msp.FabricMSPConfig, ofFabricMspConfig, definition) ?? new msp.FabricMSPConfig();
    this.#msps = mspsOf(this.#config);
  }

  /** Whether a certificate, in PEM as it stands in an identity, is of the organisation: issued, not revoked, with one role. Its expiry is not looked at. */
  hasIssued(certificatePem: string | Uint8Array): boolean {
    const identity = this.#msps?.deserialize(serializeIdentity(this.#config.getName(), certificatePem));
    return identity !== undefined && this.#msps?.invalidReason(identity) === undefined;
  }

  /** Whether an administrator of the organisation has signed. */
  isSignedByAdministrator({ data, identity, signature }: SignedData): boolean {
    const signer = this.#msps?.deserialize(identity);
    if (signer === undefined || !signer.verify(data, signature)) return false;
    return this.#msps?.satisfies(signer, { kind: 'role', mspId: this.#config.getName(), role: 'admin' }) === true;
  }

  /** Whether somebody may be of the organisation by this definition who is not by the other one. */
  admitsMoreThan(other: OrganizationDefinition): boolean {
    const [own, others] = [this.#config, other.#config];
    const adds = AUTHORITIES.some((of) => !isWithin(of(own), of(others)));
    const rules = (config: msp.FabricMSPConfig): string =>
      [config.getFabricNodeOus(), ...config.getOrganizationalUnitIdentifiersList()].map((each) => each && hex(marshal(each))).join();
    return adds || !isWithin(others.getRevocationListList_asU8(), own.getRevocationListList_asU8()) || rules(own) !== rules(others);
  }
}

/** Whoever one of these has issued, or who is one of these, is of the organisation in one way or another. */
const AUTHORITIES: readonly ((config: msp.FabricMSPConfig) => readonly Uint8Array[])[] = [
  (config) => config.getRootCertsList_asU8(),
  (config) => config.getIntermediateCertsList_asU8(),
  (config) => config.getAdminsList_asU8(),
  (config) => config.getTlsRootCertsList_asU8(),
  (config) => config.getTlsIntermediateCertsList_asU8(),
];

const hex = (bytes: Uint8Array): string => bytesOf(bytes).toString('hex');

function isWithin(some: readonly Uint8Array[], all: readonly Uint8Array[]): boolean {
  const known = new Set(all.map(hex));
  return some.every((each) => known.has(hex(each)));
}

function mspsOf(config: msp.FabricMSPConfig): ChannelMsps | undefined {
  try {
    return new ChannelMsps([new Msp(config)]);
  } catch {
    return undefined; // it is named among what cannot be read of the configuration
  }
}
