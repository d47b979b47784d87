import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { Code } from '@lianyi/embedded-network/testing';

/** A block as a peer of real Fabric delivered it, and what that peer made of it. */
export interface RecordedBlock {
  readonly number: number;
  /** Base64 of the marshalled common.Block. */
  readonly block: string;
  /** TRANSACTIONS_FILTER. */
  readonly flags: readonly number[];
  /** Hex of COMMIT_HASH; '' of block 0. */
  readonly commitHash: string;
}

/** Validation codes a chain must hold for its replay to prove something; the rest no client can reach. */
export const codesOfReplay: readonly number[] = [
  Code.VALID,
  Code.MVCC_READ_CONFLICT,
  Code.PHANTOM_READ_CONFLICT,
  Code.ENDORSEMENT_POLICY_FAILURE,
  Code.DUPLICATE_TXID,
  Code.BAD_PROPOSAL_TXID,
  Code.INVALID_ENDORSER_TRANSACTION,
  Code.BAD_COMMON_HEADER,
  Code.INVALID_OTHER_REASON,
  Code.INVALID_CHAINCODE,
  Code.ILLEGAL_WRITESET,
  Code.BAD_RWSET,
  Code.BAD_RESPONSE_PAYLOAD,
];

/** Where, how and with what a chain was recorded. */
export interface RecordingContext {
  readonly fabricVersion: string;
  readonly ordering: string;
  readonly seed: number;
  readonly blocks: number;
  readonly transactions: number;
  /** Number of transactions by name of their validation code. */
  readonly codes: Readonly<Record<string, number>>;
}

// sources and compiled files are equally deep, and the recordings lie beside the sources
const folder = resolve(__dirname, '../../../src/conformance/observed');

/** Recordings of this project, by file name. */
export function recordedChains(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^chain-.*\.jsonl\.gz$/.test(name))
    .map((name) => join(folder, name));
}

function parseChain(text: string): readonly RecordedBlock[] {
  const lines = text.trim().split('\n');
  return lines.map((line): RecordedBlock => JSON.parse(line) as RecordedBlock /* our own recording */);
}

export function readChain(file: string): readonly RecordedBlock[] {
  return parseChain(gunzipSync(readFileSync(file)).toString());
}

export function readContext(file: string): RecordingContext {
  return JSON.parse(readFileSync(contextFile(file), 'utf8')) as RecordingContext; /* written by writeChain */
}

function contextFile(file: string): string {
  return file.replace(/\.jsonl\.gz$/, '.json');
}

/** Writes `chain-<version>.jsonl.gz` and its context beside it. */
export function writeChain(blocks: readonly RecordedBlock[], context: RecordingContext): string {
  const file = join(folder, `chain-${context.fabricVersion}.jsonl.gz`);
  const text = `${blocks.map((block) => JSON.stringify(block)).join('\n')}\n`;
  writeFileSync(file, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
  writeFileSync(contextFile(file), `${JSON.stringify(context, null, 2)}\n`);
  return file;
}
