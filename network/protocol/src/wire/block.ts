import { createHash } from 'node:crypto';
import { derInteger, derOctetString, derSequence } from '../crypto/der';
import { type Signer } from './signer';
import { newNonce } from './envelope';
import { bytesOf, common, marshal } from './proto';

const METADATA_ENTRIES = 5;
const { SIGNATURES, LAST_CONFIG, TRANSACTIONS_FILTER, ORDERER, COMMIT_HASH } = common.BlockMetadataIndex;

/** SHA-256 of the header's ASN.1 form (protoutil/blockutils.go BlockHeaderBytes). */
export function blockHeaderBytes(header: common.BlockHeader): Buffer {
  return derSequence(
    derInteger(BigInt(header.getNumber())),
    derOctetString(bytesOf(header.getPreviousHash_asU8())),
    derOctetString(bytesOf(header.getDataHash_asU8())),
  );
}

export function blockHeaderHash(header: common.BlockHeader): Buffer {
  return createHash('sha256').update(blockHeaderBytes(header)).digest();
}

/** SHA-256 over the concatenated envelopes (protoutil/blockutils.go BlockDataHash). */
export function blockDataHash(envelopes: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  return hash.digest();
}

export function newBlock(number: number, previousHash: Buffer, envelopes: readonly Buffer[]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(blockDataHash(envelopes));
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(Array.from({ length: METADATA_ENTRIES }, () => new Uint8Array()));
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

function setMetadata(block: common.Block, index: number, value: Uint8Array): void {
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const entries = metadata.getMetadataList_asU8();
  while (entries.length < METADATA_ENTRIES) entries.push(new Uint8Array());
  entries[index] = value;
  metadata.setMetadataList(entries);
  block.setMetadata(metadata);
}

/** Signs as the orderer's block writer does (orderer/common/multichannel/blockwriter.go addBlockSignature). */
export function signBlock(block: common.Block, signer: Signer, lastConfigBlock: number): void {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(lastConfigBlock);
  const ordererMetadata = new common.OrdererBlockMetadata();
  ordererMetadata.setLastConfig(lastConfig);
  const value = marshal(ordererMetadata);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(signer.serializedIdentity);
  signatureHeader.setNonce(newNonce());
  const headerBytes = marshal(signatureHeader);
  const header = block.getHeader() ?? new common.BlockHeader();
  const signature = new common.MetadataSignature();
  signature.setSignatureHeader(headerBytes);
  signature.setSignature(signer.sign(Buffer.concat([value, headerBytes, blockHeaderBytes(header)])));
  const signatures = new common.Metadata();
  signatures.setValue(value);
  signatures.setSignaturesList([signature]);
  setMetadata(block, SIGNATURES, marshal(signatures));
  setMetadata(block, LAST_CONFIG, metadataValue(marshal(lastConfig)));
  setMetadata(block, ORDERER, new Uint8Array());
}

function metadataValue(value: Uint8Array): Buffer {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  return marshal(metadata);
}

/** What the committing peer adds. Block 0 carries no commit hash. */
export function setCommitMetadata(block: common.Block, codes: readonly number[], commitHash: Buffer | undefined): void {
  setMetadata(block, TRANSACTIONS_FILTER, Uint8Array.from(codes));
  if (commitHash) setMetadata(block, COMMIT_HASH, metadataValue(commitHash));
}

/** Number of the configuration block that held when the block was ordered (protoutil/blockutils.go GetLastConfigIndexFromBlock). */
export function lastConfigIndexOf(block: common.Block): number {
  const entries = block.getMetadata()?.getMetadataList_asU8() ?? [];
  const valueAt = (index: number): Uint8Array => common.Metadata.deserializeBinary(entries[index] ?? new Uint8Array()).getValue_asU8();
  const signed = valueAt(SIGNATURES);
  const lastConfig =
    signed.length > 0
      ? common.OrdererBlockMetadata.deserializeBinary(signed).getLastConfig()
      : common.LastConfig.deserializeBinary(valueAt(LAST_CONFIG));
  return lastConfig?.getIndex() ?? 0;
}

/** Envelopes of a block, without copying. */
export function envelopesOf(block: common.Block): readonly Buffer[] {
  return (block.getData()?.getDataList_asU8() ?? []).map((envelope) => bytesOf(envelope));
}

export function validationCodesOf(block: common.Block): readonly number[] {
  return [...(block.getMetadata()?.getMetadataList_asU8()[TRANSACTIONS_FILTER] ?? [])];
}

/** Empty when the block has none. */
export function commitHashOf(block: common.Block): Buffer {
  const entry = block.getMetadata()?.getMetadataList_asU8()[COMMIT_HASH];
  if (!entry || entry.length === 0) return Buffer.alloc(0);
  return bytesOf(common.Metadata.deserializeBinary(entry).getValue_asU8());
}
