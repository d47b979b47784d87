import { decodeKnown, type KnownFields, tryDecodeKnown } from './known-fields';
import * as messages from './known-messages';
import { common, msp, orderer } from './proto';
import { type MessageType } from './decode';
import { type Message } from 'google-protobuf';

/** Every message that is read so, with its generated class. */
const types: readonly (readonly [string, MessageType<Message>, KnownFields])[] = [
  ['Policy', common.Policy, messages.ofPolicy],
  ['ConfigPolicy', common.ConfigPolicy, messages.ofConfigPolicy],
  ['ConfigValue', common.ConfigValue, messages.ofConfigValue],
  ['ConfigGroup', common.ConfigGroup, messages.ofConfigGroup],
  ['Config', common.Config, messages.ofConfig],
  ['Capabilities', common.Capabilities, messages.ofCapabilities],
  ['BatchSize', orderer.BatchSize, messages.ofBatchSize],
  ['Orderers', common.Orderers, messages.ofOrderers],
  ['MSPConfig', msp.MSPConfig, messages.ofMspConfig],
  ['FabricMSPConfig', msp.FabricMSPConfig, messages.ofFabricMspConfig],
  ['SerializedIdentity', msp.SerializedIdentity, messages.ofSerializedIdentity],
  ['SignaturePolicyEnvelope', common.SignaturePolicyEnvelope, messages.ofSignaturePolicyEnvelope],
  ['ImplicitMetaPolicy', common.ImplicitMetaPolicy, messages.ofImplicitMetaPolicy],
  ['MSPRole', msp.MSPRole, messages.ofMspRole],
  ['OrganizationUnit', msp.OrganizationUnit, messages.ofOrganizationUnit],
  ['MSPIdentityAnonymity', msp.MSPIdentityAnonymity, messages.ofAnonymity],
  ['CombinedPrincipal', msp.CombinedPrincipal, messages.ofCombinedPrincipal],
  ['SignatureHeader', common.SignatureHeader, messages.ofSignatureHeader],
  ['IdentifierHeader', common.IdentifierHeader, messages.ofIdentifierHeader],
];

/** A message with something in every field, to the third level. */
function filled({ fields, oneOf = [] }: KnownFields, depth = 3): Buffer {
  const left = Object.entries(fields).filter(([number]) => !oneOf.includes(Number(number)) || Number(number) === oneOf.at(-1));
  return Buffer.concat(
    left.flatMap(([number, field]) => {
      const tag = (wireType: number): number => Number(number) * 8 + wireType;
      const delimited = (content: Buffer, at = tag(2)): Buffer => {
        expect(content.length).toBeLessThan(0x4000);
        return Buffer.concat([Buffer.of(at, (content.length & 0x7f) | 0x80, content.length >> 7), content]);
      };
      switch (field.kind) {
        case 'number':
          return [Buffer.of(tag(0), 1)];
        case 'bytes':
          return [delimited(Buffer.from('text'))];
        case 'repeatedBytes':
          return [delimited(Buffer.from('one')), delimited(Buffer.from('two'))];
        case 'mapOfMessages':
          if (depth === 0) return [];
          return [delimited(Buffer.concat([delimited(Buffer.from('key'), 10), delimited(filled(field.of(), depth - 1), 18)]))];
        default:
          return depth === 0 ? [] : [delimited(filled(field.of(), depth - 1))];
      }
    }),
  );
}

/** Fields that a peer passes over: an unknown number, and a known one by every other wire type. */
function foreign(known: KnownFields): readonly Buffer[] {
  const unknown = ['7805', '7a0161', '7d01020304', '790102030405060708', '7b7c', '7b08057c'];
  const others = Object.entries(known.fields).map(([number, { kind }]) =>
    kind === 'number' ? Buffer.of(Number(number) * 8 + 2, 1, 97) : Buffer.of(Number(number) * 8, 5),
  );
  const fixed = Object.keys(known.fields).map((number) => Buffer.of(Number(number) * 8 + 5, 1, 2, 3, 4));
  return [...unknown.map((hex) => Buffer.from(hex, 'hex')), ...others, ...fixed];
}

describe.each(types)('%s', (_name, type, known) => {
  const plain = filled(known);
  const objectOf = (bytes: Uint8Array): unknown => type.deserializeBinary(bytes).toObject();

  it('has all the fields of its class, of the same kinds', () => {
    expect(decodeKnown(type, known, plain).toObject()).toEqual(objectOf(plain));
    expect(JSON.stringify(objectOf(plain)).match(/""|(?<!Map":)\[\]|:0|null|false/g)).toBeNull();
  });

  it('is read past fields of other numbers and of other wire types, before and behind it', () => {
    for (const junk of foreign(known)) {
      expect(decodeKnown(type, known, Buffer.concat([junk, plain])).toObject()).toEqual(objectOf(plain));
      expect(decodeKnown(type, known, Buffer.concat([plain, junk])).toObject()).toEqual(objectOf(plain));
    }
  });

  it('is none where a field does not end', () => {
    expect(tryDecodeKnown(type, known, Buffer.concat([plain, Buffer.of(0x7a, 5)]))).toBeUndefined();
  });
});

describe('a message in pieces', () => {
  it('is one message', () => {
    const config = Buffer.from('12020805' + '12022a00' + '12032a0178', 'hex');
    const group = decodeKnown(common.Config, messages.ofConfig, config).getChannelGroup();
    expect([group?.getVersion(), group?.getModPolicy()]).toEqual([5, 'x']);
  });

  it('is one as the value of a map, too, whose key may stand behind it or nowhere', () => {
    const entry = Buffer.from('12020805' + '0a0167' + '12032a0178', 'hex');
    const twice = Buffer.concat([Buffer.of(0x12, entry.length), entry, Buffer.from('120412020807', 'hex')]);
    const read = decodeKnown(common.ConfigGroup, messages.ofConfigGroup, twice).getGroupsMap();
    expect([read.get('g')?.getVersion(), read.get('g')?.getModPolicy(), read.get('')?.getVersion()]).toEqual([5, 'x', 7]);
  });

  it('is of several alternatives the last, and only what stands behind another one', () => {
    const rule = (hex: string): common.SignaturePolicy | undefined =>
      decodeKnown(
        common.SignaturePolicyEnvelope,
        messages.ofSignaturePolicyEnvelope,
        Buffer.concat([Buffer.of(0x12, hex.length / 2), Buffer.from(hex, 'hex')]),
      ).getRule();
    expect(
      rule('0803' + '12020802')
        ?.getNOutOf()
        ?.getN(),
    ).toBe(2);
    expect(rule('12020802' + '0803')?.getSignedBy()).toBe(3);
    expect(
      rule('12020802' + '0803' + '12021200')
        ?.getNOutOf()
        ?.toObject(),
    ).toMatchObject({ n: 0, rulesList: [{}] });
    expect(
      rule('12020802' + '12021200')
        ?.getNOutOf()
        ?.toObject(),
    ).toMatchObject({ n: 2, rulesList: [{}] });
  });
});
